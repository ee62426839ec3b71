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
import { tellWebhooks } from '../../../lambdas/core/use-cases/tell-webhooks.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { ACTOR, WebhookBench } from '../../support/webhook-bench.ts';

const A = { keyId: 'Ab3dEf7hIj9L', owner: 'a@example.com' };
const B = { keyId: 'Zb3dEf7hIj9L', owner: 'b@example.com' };

let bench: WebhookBench;
let put: Map<string, Notice>;
beforeEach(() => {
  bench = new WebhookBench();
  put = new Map();
});

const outbox = {
  put: async (notice: Notice) => {
    const place = `${notice.partition}/${notice.noticeId}`;
    if (put.has(place)) return 'exists' as const;
    put.set(place, notice);
    return 'put' as const;
  },
};

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
  tellWebhooks(
    { webhooks: bench.webhooks, outbox },
    events.map((each) => ({ event: each, partition: `KEY#${each.keyId}` })),
  );
const toldTo = (webhookId: string) =>
  [...put.values()].filter(({ recipient }) => recipient === webhookId).map(({ keyId }) => keyId);

describe('an event', () => {
  it('is told to the owner’s webhooks and the global ones, and to no other owner’s', async () => {
    const all = (await bench.add({ url: 'https://all.example.com/' })).webhook.webhookId;
    const a = (await bench.add({ owner: A.owner })).webhook.webhookId;
    const b = (await bench.add({ owner: B.owner })).webhook.webhookId;

    expect(await tell(event(A, 1), event(B, 1))).toBe(4);

    expect(toldTo(all)).toEqual([A.keyId, B.keyId]);
    expect(toldTo(a)).toEqual([A.keyId]);
    expect(toldTo(b)).toEqual([B.keyId]);
  });

  it('becomes a notice beside it, with its ids and its own time', async () => {
    const { webhookId } = (await bench.add({ owner: A.owner })).webhook;
    await tell(event(A, 7));
    expect([...put.values()]).toEqual([
      {
        channel: 'webhook',
        noticeId: `event-7#key.issued#${webhookId}`,
        partition: `KEY#${A.keyId}`,
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
    const events = [event(A, 1), event(A, 2)];

    const fresh = await Promise.all([tell(...events), tell(...events)]);
    expect(fresh[0] + fresh[1]).toBe(4);
    expect(await tell(...events)).toBe(0);
    expect(put.size).toBe(4);
  });

  it('is told of the types that a webhook wants alone', async () => {
    const { webhookId } = (await bench.add({ events: ['key.revoked'] })).webhook;
    await tell(event(A, 1), event(A, 2, 'key.revoked'), event(A, 3, 'version.generated'));
    expect([...put.values()].map(({ kind, recipient }) => [kind, recipient])).toEqual([
      ['key.revoked', webhookId],
    ]);
  });

  it('is not told to a disabled or removed webhook, nor to one that was added later', async () => {
    const [off, gone] = [await bench.add({ owner: A.owner }), await bench.add()];
    await setWebhookStatus(bench.deps, off.webhook.webhookId, 'disabled', { actor: ACTOR });
    await setWebhookStatus(bench.deps, gone.webhook.webhookId, 'removed', { actor: ACTOR });
    bench.clock.nowMs += 3_600_000;
    await bench.add();
    expect(await tell(event(A, 1))).toBe(0);
  });

  it('of a webhook is told to global ones alone, though it carries an owner', async () => {
    const all = (await bench.add({ url: 'https://all.example.com/' })).webhook.webhookId;
    const { webhookId } = (await bench.add({ owner: A.owner })).webhook;
    const [, added] = bench.webhooks.events;
    const partition = `CHAIN#webhook/${webhookId}`;
    await tellWebhooks({ webhooks: bench.webhooks, outbox }, [{ event: added as AuditEvent, partition }]);
    expect([...put.values()].map(({ recipient, kind, facts }) => [recipient, kind, facts])).toEqual([
      [all, 'webhook.added', expect.objectContaining({ webhookId, owner: A.owner })],
    ]);
  });

  it('that nobody is told costs no look at the webhooks', async () => {
    let looks = 0;
    const list = async () => {
      looks += 1;
      return [];
    };
    const webhooks = { list };
    const silent = event(A, 1, 'version.generated');
    await tellWebhooks({ webhooks, outbox }, [{ event: silent, partition: 'KEY#x' }]);
    expect(looks).toBe(0);
    await tellWebhooks(
      { webhooks, outbox },
      [event(A, 1), event(A, 2)].map((each) => ({ event: each, partition: 'KEY#x' })),
    );
    expect(looks).toBe(1);
  });
});
