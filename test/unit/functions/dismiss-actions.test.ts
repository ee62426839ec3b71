/** What operators hear who dismiss notices. */
import { beforeEach, expect, it } from 'vitest';
import type { StoredNotice } from '../../../lambdas/core/domain/notice.ts';
import type { DismissDeps } from '../../../lambdas/core/use-cases/dismiss-notice.ts';
import { dismiss } from '../../../lambdas/functions/admin/dismiss-actions.ts';
import { notices } from '../../../lambdas/functions/admin/notice-actions.ts';
import type { DismissInput } from '../../../lambdas/functions/admin/notices-contract.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { MemoryAuditChains } from '../../support/memory-audit-chains.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { MemoryWebhooks } from '../../support/memory-webhooks.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';
import { sampleNotice } from '../../support/sample-records.ts';

const KINDS = ['rotation-started', 'emergency', 'retired'] as const;
const REASON = 'They left.';

let world: MemoryWorld;
let outbox: MemoryOutbox;
let deps: DismissDeps & { readonly outbox: MemoryOutbox; readonly store: MemoryWorld['store'] };
let keyId: string;
beforeEach(async () => {
  world = new MemoryWorld();
  world.store.notifies = false;
  outbox = new MemoryOutbox(world.table);
  const chains = new MemoryAuditChains(world.table);
  deps = { ...world.deps, store: world.store, outbox, chains, webhooks: new MemoryWebhooks(world.table) };
  keyId = (await world.issue()).keyId;
  for (const kind of KINDS) {
    const notice = sampleNotice(keyId, { kind });
    await outbox.put(notice);
    await outbox.move((await outbox.find(notice)) as StoredNotice, {
      status: 'parked',
      attempts: 1,
      settledAtMs: START_MS,
      why: 'Refused.',
    });
  }
});

const idOf = (kind: (typeof KINDS)[number]) => `KEY#${keyId}/${sampleNotice(keyId, { kind }).noticeId}`;
const asked = (input: Partial<DismissInput>) => dismiss(deps, { reason: REASON, ...input }, OPERATOR);
const eventsOf = async () =>
  (await world.store.auditEvents(keyId)).filter(({ action }) => action === 'notice.dismissed');

it('one is dismissed, and stays in the list of its key with who and why', async () => {
  expect(await asked({ noticeId: idOf('emergency') })).toEqual({
    ok: true,
    result: { dismissed: 1, left: [] },
  });
  expect(await notices(deps, { parked: true })).toMatchObject({
    result: { notices: [{ kind: 'rotation-started' }, { kind: 'retired' }] },
  });
  const listed = await notices(deps, { keyId });
  expect(listed.ok && listed.result.notices.find(({ kind }) => kind === 'emergency')).toMatchObject({
    status: 'dismissed',
    settledAt: '2026-11-23T14:00:00.000Z',
    why: 'Refused.',
    dismissedBy: OPERATOR.principal,
    dismissedFor: REASON,
  });
});

it('of several those are left that are parked no more, or never were', async () => {
  await asked({ noticeId: idOf('retired') });
  const noticeIds = [...KINDS.map(idOf), 'nonsense'];
  expect(await asked({ noticeIds })).toEqual({
    ok: true,
    result: { dismissed: 2, left: [idOf('retired'), 'nonsense'] },
  });
  expect(await outbox.countParked()).toBe(0);
  expect(await eventsOf()).toHaveLength(3);
});

it('one that was dismissed before is a conflict that says where it is on record', async () => {
  await asked({ noticeId: idOf('retired') });
  expect(await asked({ noticeId: idOf('retired') })).toMatchObject({
    ok: false,
    error: {
      code: 'conflict',
      message: expect.stringMatching(/was dismissed already\.$/),
      hint: expect.stringContaining('keyturn audit --kind notice.dismissed'),
    },
  });
});

it.each<[Partial<DismissInput>, string]>([
  [{}, 'bad-request'],
  [{ noticeId: 7 as never }, 'bad-request'],
  [{ noticeId: 'x'.repeat(1001) }, 'bad-request'],
  [{ noticeIds: [] }, 'bad-request'],
  [{ noticeIds: 'all' as never }, 'bad-request'],
  [{ noticeIds: ['a', 7 as never] }, 'bad-request'],
  [{ noticeIds: Array.from({ length: 51 }, () => 'a') }, 'bad-request'],
  [{ noticeId: 'a', noticeIds: ['a'] }, 'bad-request'],
  [{ noticeId: 'a', reason: '' }, 'bad-request'],
  [{ noticeId: 'a', reason: 'x'.repeat(501) }, 'bad-request'],
  [{ noticeId: 'a', reason: undefined as never }, 'bad-request'],
  [{ noticeId: 'nonsense' }, 'unknown-notice'],
  [{ noticeId: 'KEY#000000000000/r-1#retired#a@example.com' }, 'unknown-notice'],
  [{ noticeId: 'MAIL#a@example.com/BLOCK' }, 'unknown-notice'],
])('is refused for %j with %s, and nothing is on record', async (input, code) => {
  expect(await asked(input)).toMatchObject({ ok: false, error: { code } });
  expect(await eventsOf()).toEqual([]);
});
