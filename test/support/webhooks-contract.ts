/** What a store and a log of webhooks must do, whatever they are made of. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type AuditAction, CHAIN_START, chainEvent } from '../../lambdas/core/domain/audit-event.ts';
import { NO_HEALTH, type Webhook, type WebhookTry, webhookChain } from '../../lambdas/core/domain/webhook.ts';
import type { WebhookLog, WebhookStore } from '../../lambdas/core/ports/webhooks.ts';
import { freshIds } from './fresh-ids.ts';
import { START_MS } from './manual-clock.ts';

const ACTOR = { principal: 'a test', via: 'vitest' };
const freshId = freshIds('Webhook0');

function eventOf(webhook: Webhook, action: AuditAction) {
  const head = webhook.audit;
  return chainEvent(webhookChain(webhook), head, { action, actor: ACTOR, atMs: START_MS, detail: {} });
}

export function sampleWebhook(changes: Partial<Webhook> = {}): {
  readonly webhook: Webhook;
  readonly event: ReturnType<typeof eventOf>;
} {
  const webhookId = `wh_${freshId()}`;
  const base: Webhook = {
    webhookId,
    url: `https://hooks.example.com/${webhookId}`,
    owner: 'a@example.com',
    events: [],
    status: 'enabled',
    statusSinceMs: START_MS,
    createdAtMs: START_MS,
    secrets: { current: { serial: 1, ciphertext: 'c', wrappedDataKey: 'w' }, rotatedAtMs: START_MS },
    audit: CHAIN_START,
    revision: 1,
    ...changes,
  };
  const event = eventOf(base, 'webhook.added');
  return { webhook: { ...base, audit: { sequence: 1, hash: event.hash } }, event };
}

export function changedWebhook(before: Webhook, status: Webhook['status']) {
  const event = eventOf(before, 'webhook.disabled');
  const audit = { sequence: event.sequence, hash: event.hash };
  return { before, after: { ...before, status, revision: before.revision + 1, audit }, event };
}

export function webhookStoreContract(name: string, make: () => Promise<WebhookStore>): void {
  describe(`${name} keeps the contract of a store of webhooks`, () => {
    let store: WebhookStore;
    beforeAll(async () => {
      store = await make();
    });

    it('gives back what was inserted, once', async () => {
      const { webhook, event } = sampleWebhook();

      expect(await store.find(webhook.webhookId)).toBeUndefined();
      expect(await store.insert(webhook, event)).toBe('inserted');
      expect(await store.insert(webhook, event)).toBe('exists');

      expect(await store.find(webhook.webhookId)).toEqual(webhook);
      expect(await store.list()).toContainEqual(webhook);
    });

    it('lets one of many stand at the address of an owner, until it is removed', async () => {
      const { url } = sampleWebhook().webhook;
      const rivals = ['a@example.com', 'A@Example.com', 'a@EXAMPLE.com'].map((owner) =>
        sampleWebhook({ url, owner }),
      );

      const inserted = await Promise.all(rivals.map(({ webhook, event }) => store.insert(webhook, event)));
      expect([...inserted].sort()).toEqual(['exists', 'exists', 'inserted']);
      const other = sampleWebhook({ url, owner: 'b@example.com' });
      expect(await store.insert(other.webhook, other.event)).toBe('inserted');

      const first = rivals[inserted.indexOf('inserted')]?.webhook as Webhook;
      expect(await store.save(changedWebhook(first, 'removed'))).toBe('saved');
      const again = sampleWebhook({ url });
      expect(await store.insert(again.webhook, again.event)).toBe('inserted');

      // What is put on record of the removed one later frees nothing.
      const removed = (await store.find(first.webhookId)) as Webhook;
      expect(await store.save(changedWebhook(removed, 'removed'))).toBe('saved');
      const third = sampleWebhook({ url });
      expect(await store.insert(third.webhook, third.event)).toBe('exists');
    });

    it('lets one of many changes of what was read hold', async () => {
      const { webhook, event } = sampleWebhook();
      await store.insert(webhook, event);
      const changes = ['disabled', 'removed', 'disabled'].map((to) =>
        changedWebhook(webhook, to as Webhook['status']),
      );

      const saved = await Promise.all(changes.map((change) => store.save(change)));

      expect([...saved].sort()).toEqual(['saved', 'stale', 'stale']);
      expect(await store.find(webhook.webhookId)).toEqual(changes[saved.indexOf('saved')]?.after);
    });
  });
}

export function webhookLogContract(name: string, make: () => Promise<WebhookLog>): void {
  describe(`${name} keeps the contract of a log of deliveries`, () => {
    let log: WebhookLog;
    beforeAll(async () => {
      log = await make();
    });

    const tried = (seconds: number, more: Partial<WebhookTry>): WebhookTry => ({
      messageId: 'msg_1',
      type: 'key.issued',
      atMs: START_MS + seconds * 1000,
      attempt: 1,
      delivered: false,
      durationMs: 5,
      ...more,
    });

    it('knows nothing of a webhook that was never called', async () => {
      expect(await log.health('wh_never0000000')).toEqual(NO_HEALTH);
      expect(await log.latest('wh_never0000000', 5)).toEqual([]);
    });

    it('counts failures until one is delivered, and since when', async () => {
      const id = `wh_${freshId()}`;
      await log.record(id, tried(0, {}));
      const failing = await log.record(id, tried(5, { attempt: 2 }));
      expect(failing).toEqual({
        delivered: 0,
        failed: 2,
        failedInARow: 2,
        failingSinceMs: START_MS,
        lastFailedAtMs: START_MS + 5_000,
      });

      const well = await log.record(id, tried(10, { attempt: 3, delivered: true, status: 200 }));
      expect(well).toEqual({
        delivered: 1,
        failed: 2,
        failedInARow: 0,
        lastFailedAtMs: START_MS + 5_000,
        lastDeliveredAtMs: START_MS + 10_000,
      });
      expect(await log.health(id)).toEqual(well);
    });

    it('notes a test and counts none', async () => {
      const id = `wh_${freshId()}`;
      await log.record(id, tried(0, {}));

      const health = await log.record(id, tried(1, { attempt: 0, delivered: true }));

      expect(health).toMatchObject({ delivered: 0, failed: 1, failingSinceMs: START_MS });
      expect(await log.latest(id, 5)).toHaveLength(2);
    });

    it('tells the latest first, and no more than asked for', async () => {
      const id = `wh_${freshId()}`;
      for (const seconds of [3, 1, 2]) {
        await log.record(id, tried(seconds, { attempt: seconds, failure: 'It answered 500.', status: 500 }));
      }

      const latest = await log.latest(id, 2);

      expect(latest.map(({ attempt }) => attempt)).toEqual([3, 2]);
      expect(latest[0]).toEqual(tried(3, { attempt: 3, failure: 'It answered 500.', status: 500 }));
    });
  });
}
