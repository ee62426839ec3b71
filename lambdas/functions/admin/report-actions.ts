/** What a report asks of the keys: many at once, since a call for each would take minutes. */
import { KEY_STATUSES } from '../../../rules/words.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import type { KeyRecord } from '../../core/domain/key-record.ts';
import { reportKeyOf } from '../../core/domain/report/report-key.ts';
import type { AdminDeps, Answer } from './actions.ts';
import { badToken, failure, success } from './outcomes.ts';
import type { ReportKeysInput } from './report-contract.ts';

/** As many as one batch of reads takes. */
const BATCH = 100;
/** 400 keys fit into an answer however long their owners, names and reasons are. */
const BATCHES = 4;

type Deps = Pick<AdminDeps, 'store' | 'policies' | 'revocationBoundMs'>;

export async function reportKeys(deps: Deps, { keyIds, nextToken }: ReportKeysInput): Answer<'report-keys'> {
  if (nextToken !== undefined && typeof nextToken !== 'string') return badToken();
  if (keyIds !== undefined && !isKeyIds(keyIds)) {
    return failure(
      'bad-request',
      'keyIds is no list of 1 to 100 ids of keys.',
      'Give ids of keys, or leave it out for all keys.',
    );
  }
  const page = keyIds ? await these(deps, keyIds) : await next(deps, nextToken);
  if (page === 'bad-token') return badToken();
  return success({
    keys: page.records.map(reportKeyOf),
    nextToken: page.nextToken,
    policies: [...deps.policies.values()].map(({ name, rotateEverySeconds }) => ({
      name,
      rotateEverySeconds,
    })),
    revocationBoundMs: deps.revocationBoundMs,
  });
}

const isKeyIds = (ids: unknown): ids is readonly string[] =>
  Array.isArray(ids) && ids.length > 0 && ids.length <= BATCH && ids.every(isKeyId);

interface Found {
  readonly records: readonly KeyRecord[];
  readonly nextToken: string | null;
}

async function these({ store }: Deps, keyIds: readonly string[]): Promise<Found> {
  const found = await Promise.all(keyIds.map((keyId) => store.find(keyId)));
  return { records: found.flatMap((record) => record ?? []), nextToken: null };
}

async function next({ store }: Deps, from: string | undefined): Promise<Found | 'bad-token'> {
  const records: KeyRecord[] = [];
  let token = from;
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const page = await store.list({
      statuses: KEY_STATUSES,
      limit: BATCH,
      ...(token === undefined ? {} : { nextToken: token }),
    });
    if (page === 'bad-token') return page;
    records.push(...page.records);
    if (page.nextToken === null) return { records, nextToken: null };
    token = page.nextToken;
  }
  return { records, nextToken: token ?? null };
}
