/** Events on record become notices: for whom, which, and each once. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type AuditAction,
  type AuditEvent,
  CHAIN_START,
  chainEvent,
} from '../../../lambdas/core/domain/audit-event.ts';
import type { Notice } from '../../../lambdas/core/domain/notice.ts';
import { setWebhookStatus } from '../../../lambdas/core/use-cases/manage-webhook.ts';
import { WebhookTeller } from '../../../lambdas/core/use-cases/tell-webhooks.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { MemoryTable } from '../../support/memory-table.ts';
import { ACTOR, WebhookBench } from '../../support/webhook-bench.ts';

const A = { keyId: 'Ab3dEf7hIj9L', owner: 'a@example.com' };
const B = { keyId: 'Zb3dEf7hIj9L', owner: 'b@example.com' };

let bench: WebhookBench;
let table: MemoryTable;
let outbox: MemoryOutbox;
beforeEach(() => {
  bench = new WebhookBench();
  table = new MemoryTable();
  outbox = new MemoryOutbox(table);
});

const event = (
  of: { readonly keyId: string; readonly owner: string },
  sequence: number,
  action: AuditAction = 'key.issued',
  atMs = START_MS + 60_000,
): AuditEvent =>
  chainEvent(
    { chain: `key/${of.keyId}`, ...of },
    { ...CHAIN_START, sequence: sequence - 1 },
    {
      action,
      actor: ACTOR,
      atMs,
      detail: { environment: 'live', owner: of.owner },
    },
  );

const tell = (...events: AuditEvent[]) =>
  new WebhookTeller({ webhooks: bench.webhooks, outbox }).tell(events);
const put = (): readonly Notice[] => [...table.notices.values()].map(({ notice }) => notice);
const toldTo = (webhookId: string) =>
  put().flatMap(({ recipient, keyId }) => (recipient === webhookId ? [keyId] : []));

describe('an event', () => {
  it('is told to the owner’s webhooks and the global ones, and to no other owner’s', async () => {
    const all = (await bench.add({ url: 'https://all.example.com/' })).webhook.webhookId;
    const a = (await bench.add({ owner: A.owner })).webhook.webhookId;
    const b = (await bench.add({ owner: B.owner })).webhook.webhookId;

    expect(await tell(event(A, 1), event(B, 1))).toEqual([]);

    expect(toldTo(all)).toEqual([A.keyId, B.keyId]);
    expect(toldTo(a)).toEqual([A.keyId]);
    expect(toldTo(b)).toEqual([B.keyId]);
  });

  it('is told to the webhooks of an owner whose address is written otherwise', async () => {
    const { webhookId } = (await bench.add({ owner: 'A@Example.com' })).webhook;
    await tell(event(A, 1), event(B, 1));
    expect(toldTo(webhookId)).toEqual([A.keyId]);
  });

  it('becomes a notice apart from keys, with its ids and its own time', async () => {
    const { webhookId } = (await bench.add({ owner: A.owner })).webhook;
    await tell(event(A, 7));
    expect(put()).toEqual([
      {
        channel: 'webhook',
        noticeId: `key/${A.keyId}/7#key.issued#${webhookId}`,
        partition: `WEBHOOK#${webhookId}`,
        kind: 'key.issued',
        recipient: webhookId,
        madeAtMs: START_MS + 60_000,
        keyId: A.keyId,
        owner: A.owner,
        facts: {
          chain: `key/${A.keyId}`,
          sequence: 7,
          outcome: 'success',
          keyId: A.keyId,
          owner: A.owner,
          environment: 'live',
        },
      },
    ]);
  });

  it('read twice, or by two at once, is told once', async () => {
    await bench.add();
    await bench.add({ owner: A.owner });
    const events = [event(A, 1), event(A, 2), event(B, 1)];

    await Promise.all([tell(...events), tell(...events)]);
    await tell(...events);
    expect(put()).toHaveLength(5);
  });

  it('is told of the types that a webhook wants alone', async () => {
    const { webhookId } = (await bench.add({ events: ['key.revoked'] })).webhook;
    await tell(event(A, 1), event(A, 2, 'key.revoked'), event(A, 3, 'version.generated'));
    expect(put().map(({ kind, recipient }) => [kind, recipient])).toEqual([['key.revoked', webhookId]]);
  });

  it('is not told to a disabled or removed webhook, nor to one that was added later', async () => {
    const [off, gone] = [await bench.add({ owner: A.owner }), await bench.add()];
    await setWebhookStatus(bench.deps, off.webhook.webhookId, 'disabled', { actor: ACTOR });
    await setWebhookStatus(bench.deps, gone.webhook.webhookId, 'removed', { actor: ACTOR });
    bench.clock.nowMs += 3_600_000;
    await bench.add();
    await tell(event(A, 1));
    expect(put()).toEqual([]);
  });

  it('of a webhook is told to global ones alone, though it carries an owner', async () => {
    const all = (await bench.add({ url: 'https://all.example.com/' })).webhook.webhookId;
    const { webhookId } = (await bench.add({ owner: A.owner })).webhook;
    await tell(bench.webhooks.events[1] as AuditEvent);
    expect(put().map(({ recipient, kind, facts }) => [recipient, kind, facts])).toEqual([
      [all, 'webhook.added', expect.objectContaining({ webhookId, owner: A.owner })],
    ]);
  });

  it('that could not be put is told again, and no other', async () => {
    await bench.add();
    const failing = {
      put: (notice: Notice) =>
        notice.keyId === A.keyId ? Promise.reject(new Error('throttled')) : outbox.put(notice),
    };
    const events = [event(A, 1), event(B, 1)];
    const untold = await new WebhookTeller({ webhooks: bench.webhooks, outbox: failing }).tell(events);
    expect(untold).toEqual([events[0]]);
    expect(put().map(({ keyId }) => keyId)).toEqual([B.keyId]);
  });

  it('that nobody is told costs no look at the webhooks, and many cost one', async () => {
    let looks = 0;
    const list = async () => {
      looks += 1;
      return [];
    };
    const teller = new WebhookTeller({ webhooks: { list }, outbox });
    await teller.tell([event(A, 1, 'version.generated')]);
    expect(looks).toBe(0);
    await teller.tell([event(A, 1), event(A, 2), event(B, 1)]);
    expect(looks).toBe(1);
  });
});
