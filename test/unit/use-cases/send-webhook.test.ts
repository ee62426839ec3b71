/** Events on their way to a receiver: taken, tried again over a day, given up. */
import { Webhook as Receiver } from 'standardwebhooks';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { NoticeState, StoredNotice, WebhookNotice } from '../../../lambdas/core/domain/notice.ts';
import { pauseMs } from '../../../lambdas/core/domain/notice-pauses.ts';
import type { NoticeSender } from '../../../lambdas/core/ports/notices.ts';
import { rotateWebhookSecret, setWebhookStatus } from '../../../lambdas/core/use-cases/manage-webhook.ts';
import { sendNotice } from '../../../lambdas/core/use-cases/send-notice.ts';
import { WebhookSender } from '../../../lambdas/core/use-cases/send-webhook.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { MemoryTable } from '../../support/memory-table.ts';
import { answered } from '../../support/memory-webhooks.ts';
import { ACTOR, WebhookBench } from '../../support/webhook-bench.ts';

const PAUSES_MS = Array.from({ length: 20 }, (_, index) => pauseMs('webhook', index + 1, 0)).filter(
  (each) => each !== undefined,
);
const LAST = PAUSES_MS.length + 1;
let bench: WebhookBench;
let sender: WebhookSender;
let webhookId: string;
let secret: string;

beforeEach(async () => {
  bench = new WebhookBench();
  sender = new WebhookSender(bench.sendDeps);
  const added = await bench.add();
  webhookId = added.webhook.webhookId;
  secret = added.secret.reveal();
});

const notice = (sequence = 1, recipient = webhookId): WebhookNotice => ({
  channel: 'webhook',
  noticeId: `key/Ab3dEf7hIj9L/${sequence}#key.issued#${recipient}`,
  partition: `WEBHOOK#${recipient}`,
  kind: 'key.issued',
  recipient,
  madeAtMs: START_MS,
  facts: { keyId: 'Ab3dEf7hIj9L' },
});

/** By the outbox itself, each minute, until the notice is settled. */
async function tryToTheEnd(
  of: WebhookNotice,
  onTry: (attempt: number) => void = () => {},
): Promise<NoticeState> {
  const outbox = new MemoryOutbox(new MemoryTable());
  await outbox.put(of);
  const watched: NoticeSender<WebhookNotice> = {
    send: (notice, attempt) => {
      onTry(attempt);
      return sender.send(notice, attempt);
    },
    onGivenUp: (notice) => sender.onGivenUp(notice),
  };
  const onFailure = (_ref: unknown, error: unknown) => {
    throw error;
  };
  const deps = {
    outbox,
    senders: { webhook: watched },
    clock: bench.clock.read,
    random: () => 0.5,
    onFailure,
  };
  for (;;) {
    await sendNotice(deps, of);
    const { state } = (await outbox.find(of)) as StoredNotice;
    if (state.dueAtMs === undefined) return state;
    bench.clock.nowMs = Math.max(state.dueAtMs, bench.clock.nowMs + 60_000);
  }
}

describe('the schedule', () => {
  it('begins after seconds, spans more than a day, and each pause is longer than the one before', () => {
    expect(PAUSES_MS[0]).toBe(5_000);
    const whole = PAUSES_MS.reduce((sum, each) => sum + each, 0);
    expect(whole).toBeGreaterThan(24 * 3_600_000);
    expect(whole).toBeLessThan(48 * 3_600_000);
    expect([...PAUSES_MS].sort((left, right) => left - right)).toEqual(PAUSES_MS);
  });
});

describe('an event', () => {
  it('is sent signed, and noted', async () => {
    expect(await sender.send(notice(), 1)).toMatchObject({
      outcome: 'sent',
      receipt: expect.stringMatching(/^msg_/),
    });

    const [received] = bench.post.received;
    vi.useFakeTimers({ now: START_MS, toFake: ['Date'] });
    const body = new Receiver(secret).verify(received?.body ?? '', { ...received?.headers });
    vi.useRealTimers();
    expect(body).toEqual({
      type: 'key.issued',
      timestamp: '2026-11-23T14:00:00.000Z',
      data: { keyId: 'Ab3dEf7hIj9L' },
    });
    expect(await bench.log.latest(webhookId, 5)).toEqual([
      {
        messageId: received?.headers['webhook-id'],
        type: 'key.issued',
        atMs: START_MS,
        attempt: 1,
        delivered: true,
        status: 200,
        durationMs: 12,
      },
    ]);
  });

  it('keeps its id over all tries, and is signed anew for the time of each', async () => {
    bench.post.answer = answered(500);
    await sender.send(notice(), 1);
    bench.clock.nowMs += 65_000;
    await sender.send(notice(), 2);

    const [first, second] = bench.post.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    expect(Number(second?.headers['webhook-timestamp'])).toBe(
      Number(first?.headers['webhook-timestamp']) + 65,
    );
    expect(second?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature']);
  });

  it.each([
    [199, 'It answered 199.'],
    [302, 'It answered 302, a redirect, which is not followed: add the webhook at its new address.'],
    [404, 'It answered 404.'],
    [500, 'It answered 500.'],
    [503, 'It answered 503.'],
  ])('that is answered with %d is tried again', async (status, why) => {
    bench.post.answer = answered(status);
    expect(await sender.send(notice(), 1)).toEqual({ outcome: 'later', why });
    expect(bench.tried.at(-1)).toMatchObject({ delivered: false, status, failure: why });
  });

  it.each([200, 201, 204, 299])('that is answered with %d is delivered', async (status) => {
    bench.post.answer = answered(status);
    expect(await sender.send(notice(), 1)).toMatchObject({ outcome: 'sent' });
  });

  it.each([429, 503])(
    'that is answered with %d and Retry-After waits for so long, a day at most',
    async (status) => {
      bench.post.answer = answered(status, { retryAfterMs: 90_000 });
      expect(await sender.send(notice(), 1)).toMatchObject({ outcome: 'later', afterMs: 90_000 });
      bench.post.answer = answered(status, { retryAfterMs: 10 * 365 * 86_400_000 });
      expect(await sender.send(notice(), 2)).toMatchObject({ outcome: 'later', afterMs: 86_400_000 });
    },
  );

  it.each(['unreachable', 'address'] as const)('whose receiver is %s is tried again', async (outcome) => {
    bench.post.answer = { outcome, why: 'The name moved.', durationMs: 3 };
    expect(await sender.send(notice(), 1)).toEqual({ outcome: 'later', why: 'The name moved.' });
  });

  it('that was delivered is delivered, though the log could not be written', async () => {
    bench.log.failure = new Error('throttled');
    expect(await sender.send(notice(), 1)).toMatchObject({ outcome: 'sent' });
    expect(bench.unnoted).toEqual([bench.log.failure]);
  });

  it('for a webhook that is gone, or was never there, is not sent', async () => {
    await setWebhookStatus(bench.deps, webhookId, 'removed', { actor: ACTOR });
    for (const recipient of [webhookId, 'wh_Zb3dEf7hIj9L']) {
      expect(await sender.send(notice(1, recipient), 1)).toMatchObject({ outcome: 'withheld' });
    }
    expect(bench.post.received).toEqual([]);
  });

  it('for a disabled one waits until somebody enables it', async () => {
    await setWebhookStatus(bench.deps, webhookId, 'disabled', { actor: ACTOR });
    expect(await sender.send(notice(), 1)).toMatchObject({
      outcome: 'refused',
      why: expect.stringContaining('disabled'),
    });
    await setWebhookStatus(bench.deps, webhookId, 'enabled', { actor: ACTOR });
    expect(await sender.send(notice(), 1)).toMatchObject({ outcome: 'sent' });
  });

  it('is not sent with a secret that was swapped, and an operator hears of it', async () => {
    const before = await bench.webhooks.find(webhookId);
    const other = (await bench.add({ url: 'https://other.example.com/' })).webhook;
    if (!before || !other.secrets) throw new Error('The bench lacks them.');
    const [event] = bench.webhooks.events;
    if (!event) throw new Error('The bench lacks it.');
    await bench.webhooks.save({ before, after: { ...before, secrets: other.secrets }, event });

    expect(await sender.send(notice(), 1)).toMatchObject({ outcome: 'refused' });
    expect(bench.post.received).toEqual([]);
    expect(bench.broken).toEqual([webhookId]);
  });
});

it('is not sent with a former secret that was swapped either, while that still signs', async () => {
  await rotateWebhookSecret(bench.deps, webhookId, false, ACTOR);
  const before = await bench.webhooks.find(webhookId);
  const [event] = bench.webhooks.events;
  if (!before?.secrets?.previous || !event) throw new Error('The bench lacks them.');
  const previous = { ...before.secrets.previous, wrappedDataKey: 'of another' };
  const after = { ...before, secrets: { ...before.secrets, previous } };
  await bench.webhooks.save({ before, after, event });

  expect(await sender.send(notice(), 1)).toMatchObject({ outcome: 'refused' });
  expect(bench.post.received).toEqual([]);
  expect(bench.broken).toEqual([webhookId]);
});

describe('a receiver', () => {
  it('that says 410 Gone is left alone at once', async () => {
    bench.post.answer = answered(410);
    expect(await sender.send(notice(), 1)).toMatchObject({
      outcome: 'refused',
      why: expect.stringContaining('410'),
    });

    expect(await bench.webhooks.find(webhookId)).toMatchObject({
      status: 'disabled',
      statusReason: 'Its receiver answered 410 Gone: it wants no more events.',
    });
    expect(bench.webhooks.events.at(-1)).toMatchObject({
      action: 'webhook.disabled',
      actor: { principal: 'keyturn:webhooks' },
      detail: { by: 'keyturn' },
    });
    expect(bench.disabled).toEqual([webhookId]);
  });

  it('that nothing reaches for a day is disabled with the last try, not before, and an operator hears of it once', async () => {
    bench.post.answer = answered(500);
    const state = await tryToTheEnd(notice(), () => expect(bench.disabled).toEqual([]));

    expect(state).toMatchObject({ status: 'parked', attempts: LAST });
    expect(bench.tried).toHaveLength(LAST);
    expect(bench.clock.nowMs - START_MS).toBeGreaterThan(24 * 3_600_000);
    expect(await bench.webhooks.find(webhookId)).toMatchObject({
      status: 'disabled',
      statusReason: `Nothing reached its receiver for a day: ${LAST} tries have failed.`,
    });
    expect(await sender.send(notice(2), 1)).toMatchObject({ outcome: 'refused' });
    expect(bench.disabled).toEqual([webhookId]);
  });

  it('that asks to be left alone is left alone for so long', async () => {
    const atMs: number[] = [];
    bench.post.answer = answered(503, { retryAfterMs: 3_600_000 });
    await tryToTheEnd(notice(), () => {
      atMs.push(bench.clock.nowMs);
      if (atMs.length === 2) bench.post.answer = answered(200);
    });
    expect((atMs[1] ?? 0) - (atMs[0] ?? 0)).toBeGreaterThanOrEqual(3_600_000);
  });

  it('that recovers takes the event late, and stays enabled', async () => {
    bench.post.answer = answered(500);
    const state = await tryToTheEnd(notice(), (attempt) => {
      if (attempt === 6) bench.post.answer = answered(200);
    });
    expect(state).toMatchObject({ status: 'sent', attempts: 6 });
    expect(await bench.log.health(webhookId)).toMatchObject({ delivered: 1, failed: 5, failedInARow: 0 });
    expect(bench.disabled).toEqual([]);
  });

  it('that never takes one event but takes others stays enabled: that one event is given up', async () => {
    for (let attempt = 1; attempt <= LAST; attempt += 1) {
      bench.post.answer = answered(422);
      expect(await sender.send(notice(1), attempt)).toMatchObject({ outcome: 'later' });
      bench.post.answer = answered(200);
      expect(await sender.send(notice(1 + attempt), 1)).toMatchObject({ outcome: 'sent' });
      bench.clock.nowMs += pauseMs('webhook', attempt, 0) ?? 0;
    }
    await sender.onGivenUp(notice(1));
    expect(bench.disabled).toEqual([]);
  });

  it('that is enabled again has its day again', async () => {
    bench.post.answer = answered(500);
    await tryToTheEnd(notice());
    await setWebhookStatus(bench.deps, webhookId, 'enabled', { actor: ACTOR });

    expect(await sender.send(notice(), 1)).toMatchObject({ outcome: 'later' });
    await sender.onGivenUp(notice());
    expect(await bench.webhooks.find(webhookId)).toMatchObject({ status: 'enabled' });
  });

  it('that was disabled or removed meanwhile stays so', async () => {
    bench.post.answer = answered(500);
    await tryToTheEnd(notice());
    await sender.onGivenUp(notice());
    await setWebhookStatus(bench.deps, webhookId, 'removed', { actor: ACTOR });
    await sender.onGivenUp(notice());
    expect(await bench.webhooks.find(webhookId)).toMatchObject({ status: 'removed' });
    expect(bench.disabled).toEqual([webhookId]);
  });

  it('that two tries at once find dead is disabled once', async () => {
    bench.post.answer = answered(410);
    await Promise.all([sender.send(notice(1), 1), sender.send(notice(2), 1)]);
    expect(bench.disabled).toEqual([webhookId]);
    expect(bench.webhooks.events.filter(({ action }) => action === 'webhook.disabled')).toHaveLength(1);
  });
});

describe('the owner of a webhook', () => {
  const OWNER = 'team@example.com';

  it('is told once, by mail, that it was disabled, and since when nothing reached it', async () => {
    const { webhook } = await bench.add({ owner: OWNER });
    bench.post.answer = answered(500);
    await tryToTheEnd(notice(1, webhook.webhookId));
    await sender.onGivenUp(notice(2, webhook.webhookId));

    const atMs = (await bench.webhooks.find(webhook.webhookId))?.statusSinceMs;
    expect(bench.webhooks.notices).toEqual([
      {
        channel: 'mail',
        kind: 'webhook-disabled',
        noticeId: `${webhook.webhookId}-1#webhook-disabled#${OWNER}`,
        partition: `WEBHOOK#${webhook.webhookId}`,
        madeAtMs: atMs,
        owner: OWNER,
        recipient: OWNER,
        facts: {
          webhookId: webhook.webhookId,
          host: 'hooks.example.com',
          why: 'unreached',
          failingSinceMs: START_MS,
          atMs,
        },
      },
    ]);
  });

  it('is told once of a receiver that is gone, and anew when that happens again', async () => {
    const { webhook } = await bench.add({ owner: OWNER });
    const { webhookId: id } = webhook;
    bench.post.answer = answered(410);
    await Promise.all([sender.send(notice(1, id), 1), sender.send(notice(2, id), 1)]);
    expect(bench.webhooks.notices).toMatchObject([{ recipient: OWNER, facts: { why: 'gone' } }]);

    await setWebhookStatus(bench.deps, id, 'enabled', { actor: ACTOR });
    await sender.send(notice(3, id), 1);
    expect(new Set(bench.webhooks.notices.map(({ noticeId }) => noticeId)).size).toBe(2);
  });

  it('is told by no mail where there is none: no owner, no address, or nothing to send it with', async () => {
    bench.post.answer = answered(410);
    const team = (await bench.add({ owner: 'team-search' })).webhook.webhookId;
    const owned = (await bench.add({ owner: OWNER })).webhook.webhookId;
    await sender.send(notice(), 1);
    await sender.send(notice(1, team), 1);
    await new WebhookSender({ ...bench.sendDeps, mailsOwners: false }).send(notice(1, owned), 1);

    expect(bench.disabled).toEqual([webhookId, team, owned]);
    expect(bench.webhooks.notices).toEqual([]);
  });

  it('is not mailed what an operator has done', async () => {
    const { webhook } = await bench.add({ owner: OWNER });
    await setWebhookStatus(bench.deps, webhook.webhookId, 'disabled', { actor: ACTOR });
    expect(bench.webhooks.notices).toEqual([]);
  });
});
