/** The admin function's actions that a report asks for, over a world in memory. */
import type { SignedDigest } from '../../lambdas/core/domain/audit-proof/digest.ts';
import { rotation } from '../../lambdas/functions/admin/actions.ts';
import type { AdminResponse } from '../../lambdas/functions/admin/contract.ts';
import { reportKeys } from '../../lambdas/functions/admin/report-actions.ts';
import type { FakeAdmin } from '../unit/cli/fake-world.ts';
import type { MemoryWorld } from './memory-world.ts';
import { signingKey } from './proof-bench.ts';
import { eventsOf, REVOCATION_BOUND_MS } from './report-story.ts';

/** Signs its digests. */
export const REPORT_KEY = signingKey();

async function resultOf<Result>(answer: Promise<AdminResponse<Result>>): Promise<Result> {
  const response = await answer;
  if (!response.ok) throw new Error(response.error.message);
  return response.result;
}

/**
 * @param pageSize of events: smaller than what there is, so that pages are followed
 * @param digests as they are stored, one on a page, under the days that they name or under another
 */
export function reportAdmin(
  world: MemoryWorld,
  pageSize = 10,
  digests: readonly (SignedDigest & { readonly day?: string })[] = [],
): FakeAdmin {
  const deps = { ...world.deps, revocationBoundMs: REVOCATION_BOUND_MS };
  return {
    'audit-events': ({ from = '', to = '', nextToken }) => {
      const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
      const all = eventsOf(world).filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
      const at = Number(nextToken ?? 0);
      const more = at + pageSize < all.length;
      return { events: all.slice(at, at + pageSize), nextToken: more ? String(at + pageSize) : null };
    },
    'report-keys': (input) => resultOf(reportKeys(deps, input)),
    'audit-digests': ({ after = '' }) => {
      const stored = digests.map(({ day, ...found }) => ({ day: day ?? found.digest.date, found }));
      const left = stored.filter(({ day }) => day > after);
      return {
        table: 'Keys',
        publicKey: REPORT_KEY.pem,
        now: new Date(world.clock.nowMs).toISOString(),
        digests: left.slice(0, 1).map((each) => ({ ...each, overwritten: false })),
        more: left.length > 1,
      };
    },
    rotation: (input) => resultOf(rotation(deps as never, input)),
  };
}
