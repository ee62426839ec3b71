/** A notice that was given up is dismissed: on record with who and why, in one transaction, whoever else is at it. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../lambdas/core/domain/audit-event.ts';
import type { Notice, NoticeState, StoredNotice } from '../../../lambdas/core/domain/notice.ts';
import { claimed } from '../../../lambdas/core/domain/notice-steps.ts';
import { type DismissDeps, dismissNotice } from '../../../lambdas/core/use-cases/dismiss-notice.ts';
import { setWebhookStatus } from '../../../lambdas/core/use-cases/manage-webhook.ts';
import { resendNotice } from '../../../lambdas/core/use-cases/resend-notice.ts';
import { MINUTE_MS } from '../../../rules/time-units.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { MemoryAuditChains } from '../../support/memory-audit-chains.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { Crash } from '../../support/memory-table.ts';
import { MemoryWebhooks } from '../../support/memory-webhooks.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';
import { sampleNotice } from '../../support/sample-records.ts';
import { sampleWebhook } from '../../support/webhooks-contract.ts';

const REASON = 'They left the company.';
const PARKED: NoticeState = {
  status: 'parked',
  attempts: 3,
  settledAtMs: START_MS,
  why: 'Amazon SES refuses the address.',
};

let world: MemoryWorld;
let outbox: MemoryOutbox;
let webhooks: MemoryWebhooks;
let deps: DismissDeps;
let keyId: string;
beforeEach(async () => {
  world = new MemoryWorld();
  world.store.notifies = false;
  outbox = new MemoryOutbox(world.table);
  webhooks = new MemoryWebhooks(world.table);
  deps = { ...world.deps, outbox, webhooks, chains: new MemoryAuditChains(world.table) };
  keyId = (await world.issue()).keyId;
});

async function parked(notice: Notice = sampleNotice(keyId)): Promise<StoredNotice> {
  await outbox.put(notice);
  return become(notice, PARKED);
}

async function become(notice: Notice, state: NoticeState): Promise<StoredNotice> {
  const seen = (await outbox.find(notice)) as StoredNotice;
  expect(await outbox.move(seen, state)).toBe('moved');
  return (await outbox.find(notice)) as StoredNotice;
}

const dismiss = (notice: Notice) => dismissNotice(deps, notice, { actor: OPERATOR, reason: REASON });
const stateOf = async (notice: Notice) => (await outbox.find(notice))?.state;
const ofKey = async () =>
  (await world.store.auditEvents(keyId)).filter(({ action }) => action === 'notice.dismissed');
const alone = (chain: string): readonly AuditEvent[] => world.table.chains.get(chain) ?? [];

const webhookNotice = (webhookId: string): Notice => ({
  channel: 'webhook',
  partition: `WEBHOOK#${webhookId}`,
  noticeId: `key/${keyId}/7#key.issued#${webhookId}`,
  kind: 'key.issued',
  recipient: webhookId,
  // Of a key, and yet the webhook's: its receiver was not told.
  keyId,
  madeAtMs: START_MS,
  facts: {},
});

const alertNotice = (more: Partial<Notice>): Notice =>
  ({
    channel: 'alert',
    partition: 'ALERT#pepper',
    noticeId: '7#pepper-fault#security',
    kind: 'pepper-fault',
    recipient: 'security',
    madeAtMs: START_MS,
    facts: {},
    ...more,
  }) as Notice;

describe('a notice that was given up', () => {
  it('is dismissed in the transaction of its key, with who, when and why', async () => {
    const { notice } = await parked();
    world.clock.advanceSeconds(MINUTE_MS / 1000);

    expect(await dismiss(notice)).toBe('dismissed');

    expect(await stateOf(notice)).toEqual({
      ...PARKED,
      status: 'dismissed',
      settledAtMs: START_MS + MINUTE_MS,
      dismissedBy: OPERATOR.principal,
      dismissedFor: REASON,
    });
    expect(await outbox.countParked()).toBe(0);
    expect(await ofKey()).toMatchObject([
      {
        chain: `key/${keyId}`,
        outcome: 'success',
        actor: OPERATOR,
        atMs: START_MS + MINUTE_MS,
        reason: REASON,
        rotationId: 'r-1',
        detail: {
          notice: notice.noticeId,
          channel: 'mail',
          kind: notice.kind,
          recipient: notice.recipient,
          parkedAt: '2026-11-23T14:00:00.000Z',
          why: PARKED.why,
        },
      },
    ]);
  });

  it('of an emergency is so too: the reason is on record', async () => {
    const { notice } = await parked(sampleNotice(keyId, { kind: 'emergency' }));
    expect(await dismiss(notice)).toBe('dismissed');
    expect(await ofKey()).toMatchObject([{ reason: REASON, detail: { kind: 'emergency' } }]);
  });

  it('of a webhook is on record in its chain, and in that of no key', async () => {
    const { webhook, event } = sampleWebhook();
    await webhooks.insert(webhook, event);
    const { notice } = await parked(webhookNotice(webhook.webhookId));

    expect(await dismiss(notice)).toBe('dismissed');
    expect(webhooks.events.at(-1)).toMatchObject({
      chain: `webhook/${webhook.webhookId}`,
      action: 'notice.dismissed',
      sequence: 2,
    });
    expect((await webhooks.find(webhook.webhookId))?.audit.sequence).toBe(2);
    expect(await ofKey()).toEqual([]);
  });

  it('of a webhook that was removed leaves it removed', async () => {
    const { webhook, event } = sampleWebhook();
    await webhooks.insert(webhook, event);
    await setWebhookStatus({ webhooks, clock: deps.clock }, webhook.webhookId, 'removed', {
      actor: OPERATOR,
    });
    const { notice } = await parked(webhookNotice(webhook.webhookId));
    expect(await dismiss(notice)).toBe('dismissed');
    expect((await webhooks.find(webhook.webhookId))?.status).toBe('removed');
  });

  it('of a webhook whose item is gone goes on in the chain that is left of it', async () => {
    const { notice } = await parked(webhookNotice('wh_Ab3dEf7hIj9L'));
    expect(await dismiss(notice)).toBe('dismissed');
    expect(alone('webhook/wh_Ab3dEf7hIj9L')).toMatchObject([{ action: 'notice.dismissed', sequence: 1 }]);
  });

  it.each([
    ['an alert of no key', () => alertNotice({})],
    ['a key whose record is gone', () => sampleNotice('000000000000')],
  ])('of %s is on record in the chain of notices', async (_of, notice) => {
    await parked(notice());
    expect(await dismiss(notice())).toBe('dismissed');
    expect(await stateOf(notice())).toMatchObject({ status: 'dismissed' });
    expect(alone('notices')).toMatchObject([
      { chain: 'notices', action: 'notice.dismissed', reason: REASON },
    ]);
  });

  it('of an alert about a key is on record in the key’s', async () => {
    const { notice } = await parked(alertNotice({ partition: `ALERT#key/${keyId}`, keyId }));
    expect(await dismiss(notice)).toBe('dismissed');
    expect(await ofKey()).toHaveLength(1);
  });
});

describe('what is not parked', () => {
  it.each<[NoticeState, string]>([
    [{ status: 'waiting', attempts: 1, dueAtMs: START_MS }, 'on-its-way'],
    [{ status: 'sending', attempts: 1, dueAtMs: START_MS }, 'on-its-way'],
    [{ status: 'sent', attempts: 1, sentAtMs: START_MS }, 'sent-before'],
    [{ status: 'bounced', attempts: 1, settledAtMs: START_MS }, 'not-parked'],
    [{ status: 'complained', attempts: 1, settledAtMs: START_MS }, 'not-parked'],
    [{ status: 'withheld', attempts: 1, settledAtMs: START_MS }, 'not-parked'],
    [{ status: 'dismissed', attempts: 1, settledAtMs: START_MS }, 'dismissed-before'],
  ])('%j stays, and nothing is on record', async (state, outcome) => {
    const { notice } = await parked();
    await become(notice, state);
    expect(await dismiss(notice)).toBe(outcome);
    expect(await stateOf(notice)).toEqual(state);
    expect(await ofKey()).toEqual([]);
  });

  it('is unknown where there is none', async () => {
    expect(await dismiss(sampleNotice(keyId))).toBe('unknown-notice');
  });
});

describe('at the same moment', () => {
  it.each([
    ['a key', () => sampleNotice(keyId)],
    ['no key', () => alertNotice({})],
  ])('two who dismiss one of %s leave one event', async (_of, notice) => {
    await parked(notice());
    const outcomes = await Promise.all([dismiss(notice()), dismiss(notice())]);
    expect([...outcomes].sort()).toEqual(['dismissed', 'dismissed-before']);
    expect((await ofKey()).length + alone('notices').length).toBe(1);
  });

  /** Each comes between as late as it can: after `turns` operations of the one that dismisses. */
  it.each([1, 2, 3, 4, 5])(
    'one who has it sent again wins or is dismissed (at operation %i)',
    async (turns) => {
      const { notice } = await parked();
      let left = turns;
      let resent: Promise<string> | undefined;
      world.table.turn = async () => {
        left -= 1;
        if (left !== 0) return;
        world.table.turn = () => Promise.resolve();
        resent = resendNotice({ outbox, clock: deps.clock }, notice);
        await resent;
      };
      const outcome = await dismiss(notice);
      world.table.turn = () => Promise.resolve();
      const events = await ofKey();
      const state = await stateOf(notice);
      if (outcome === 'dismissed') {
        // Nobody came between.
        expect(events).toHaveLength(1);
        expect(state?.status).toBe('dismissed');
        expect(resent).toBeUndefined();
      } else {
        expect(outcome).toBe('on-its-way');
        expect(events).toEqual([]);
        expect(state?.status).toBe('waiting');
        expect(await resent).toBe('resent');
      }
    },
  );

  it('a sender that has it comes first', async () => {
    const { notice } = await parked();
    await become(notice, { status: 'waiting', attempts: 3, dueAtMs: START_MS });
    const waiting = (await outbox.find(notice)) as StoredNotice;
    const [outcome, claim] = await Promise.all([
      dismiss(notice),
      outbox.move(waiting, claimed(notice, waiting.state, START_MS)),
    ]);
    expect([outcome, claim]).toEqual(['on-its-way', 'moved']);
  });

  it.each(['before', 'after'] as const)('a crash %s the write leaves both or neither', async (when) => {
    const { notice } = await parked();
    world.table.crashOnce(when);
    await expect(dismiss(notice)).rejects.toThrow(Crash);
    const isDismissed = when === 'after';
    expect((await stateOf(notice))?.status).toBe(isDismissed ? 'dismissed' : 'parked');
    expect(await ofKey()).toHaveLength(isDismissed ? 1 : 0);
    expect(await dismiss(notice)).toBe(isDismissed ? 'dismissed-before' : 'dismissed');
    expect(await ofKey()).toHaveLength(1);
  });
});

it('can be sent after all, by an operator’s word', async () => {
  const { notice } = await parked();
  await dismiss(notice);
  expect(await resendNotice({ outbox, clock: deps.clock }, notice)).toBe('resent');
  expect(await stateOf(notice)).toEqual({
    status: 'waiting',
    attempts: 3,
    formerAttempts: 3,
    dueAtMs: START_MS,
  });
});
