/** Webhooks as operators manage them. */
import { Webhook as Receiver } from 'standardwebhooks';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { firstBrokenLink } from '../../../lambdas/core/domain/audit-event.ts';
import { MOST_WEBHOOKS, SECRET_OVERLAP_MS } from '../../../lambdas/core/domain/webhook.ts';
import { addWebhook } from '../../../lambdas/core/use-cases/add-webhook.ts';
import { rotateWebhookSecret, setWebhookStatus } from '../../../lambdas/core/use-cases/manage-webhook.ts';
import { testWebhook } from '../../../lambdas/core/use-cases/test-webhook.ts';
import { parseWebhookOrder } from '../../../lambdas/core/use-cases/webhook-order.ts';
import { ACTOR, WebhookBench } from '../../support/webhook-bench.ts';

let bench: WebhookBench;
beforeEach(() => {
  bench = new WebhookBench();
});

describe('a request to add one', () => {
  const parse = (input: Record<string, unknown>) =>
    parseWebhookOrder({ url: 'https://hooks.example.com/', ...input }, { allowPrivateAddresses: false });

  it('is taken with what it says', () => {
    const events = ['key.issued', 'rotation.extended', 'key.issued'];
    expect(parse({ owner: 'a@example.com', events, description: ' Slack ' })).toEqual({
      ok: true,
      value: {
        url: 'https://hooks.example.com/',
        owner: 'a@example.com',
        events: ['key.issued', 'rotation.extended'],
        description: 'Slack',
      },
    });
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ url: 'http://hooks.example.com/' }, /not of HTTPS/],
    [{ owner: 'nobody' }, /owner 'nobody' is not a mail address/],
    [{ owner: 7 }, /is not a mail address/],
    [{ events: 'key.issued' }, /events is not a list/],
    [{ events: ['key.issued', 'key.deleted'] }, /'key\.deleted', which is no type/],
    [{ events: [7] }, /'7', which is no type/],
    [{ owner: 'a@example.com', events: ['key.issued', 'webhook.added'] }, /'webhook\.added', which .* owner/],
    [{ owner: 'a@example.com', events: ['pepper.dropped'] }, /'pepper\.dropped', which .* owner/],
    [{ description: '' }, /description '' is empty/],
    [{ description: 'x'.repeat(101) }, /101 characters/],
  ])('is refused with %j', (input, message) => {
    const order = parse(input);
    expect(order.ok ? '' : order.message).toMatch(message);
  });
});

it('without an owner may want what is of no key', () => {
  const order = { url: 'https://hooks.example.com/', events: ['webhook.added', 'pepper.dropped'] };
  expect(parseWebhookOrder(order, { allowPrivateAddresses: false }).ok).toBe(true);
});

describe('a new webhook', () => {
  it('is on record in the same write, with its host and without its path', async () => {
    const { webhook } = await bench.add({ url: 'https://hooks.example.com/secret-path' });

    expect(await bench.webhooks.find(webhook.webhookId)).toEqual(webhook);
    const [event] = bench.webhooks.events;
    expect(event).toMatchObject({
      action: 'webhook.added',
      detail: { host: 'hooks.example.com' },
      sequence: 1,
    });
    expect(JSON.stringify(event)).not.toContain('secret-path');
  });

  it('has its secret in no store and no event in clear', async () => {
    const { secret, webhook } = await bench.add();
    expect(JSON.stringify([webhook, bench.webhooks.events])).not.toContain(secret.reveal());
  });

  it('is refused where its host may not be called', async () => {
    bench.post.refusedHosts.set('hooks.example.com', 'The name hooks.example.com resolves to 10.0.0.1.');
    const order = { url: 'https://hooks.example.com/', events: [] };
    expect(await addWebhook(bench.deps, order, ACTOR)).toEqual({
      outcome: 'address',
      why: 'The name hooks.example.com resolves to 10.0.0.1.',
    });
    expect(await bench.webhooks.list()).toEqual([]);
  });

  it('is not added twice for the same owner, but again after it was removed, and for another', async () => {
    const order = { url: 'https://hooks.example.com/', events: [] };
    const { webhook } = await bench.add(order);
    expect(await addWebhook(bench.deps, order, ACTOR)).toEqual({
      outcome: 'exists',
      webhookId: webhook.webhookId,
    });
    expect(await addWebhook(bench.deps, { ...order, owner: 'b@example.com' }, ACTOR)).toMatchObject({
      outcome: 'added',
    });
    await setWebhookStatus(bench.deps, webhook.webhookId, 'removed', { actor: ACTOR });
    expect(await addWebhook(bench.deps, order, ACTOR)).toMatchObject({ outcome: 'added' });
  });

  it('is one, however often it is added at once, and the others are told which', async () => {
    const order = { url: 'https://hooks.example.com/', owner: 'a@example.com', events: [] };
    const spellings = ['a@example.com', 'A@example.com', 'a@Example.COM'];
    const added = await Promise.all(
      spellings.map((owner) => addWebhook(bench.deps, { ...order, owner }, ACTOR)),
    );
    const standing = await bench.webhooks.list();
    expect(standing).toHaveLength(1);
    expect(bench.webhooks.events).toHaveLength(1);
    const told = added.filter(({ outcome }) => outcome === 'exists');
    expect(told).toEqual(Array(2).fill({ outcome: 'exists', webhookId: standing[0]?.webhookId }));
  });

  it('is one of so many at most', async () => {
    for (let at = 0; at < MOST_WEBHOOKS; at += 1) await bench.add({ url: `https://hooks.example.com/${at}` });
    const order = { url: 'https://hooks.example.com/more', events: [] };
    expect(await addWebhook(bench.deps, order, ACTOR)).toEqual({ outcome: 'too-many' });
  });
});

describe('its status', () => {
  const set = (id: string, to: 'enabled' | 'disabled' | 'removed', reason = 'A reason') =>
    setWebhookStatus(bench.deps, id, to, { actor: ACTOR, reason });

  it('changes once, with an event in one unbroken chain', async () => {
    const { webhookId } = (await bench.add()).webhook;
    expect(await set(webhookId, 'disabled')).toBe('changed');
    expect(await set(webhookId, 'disabled')).toBe('unchanged');
    expect(await bench.webhooks.find(webhookId)).toMatchObject({
      status: 'disabled',
      statusReason: 'A reason',
    });
    expect(await set(webhookId, 'enabled')).toBe('changed');
    expect((await bench.webhooks.find(webhookId))?.statusReason).toBeUndefined();

    expect(bench.webhooks.events.map(({ action }) => action)).toEqual([
      'webhook.added',
      'webhook.disabled',
      'webhook.enabled',
    ]);
    expect(firstBrokenLink(bench.webhooks.events)).toBeUndefined();
  });

  it('removed is for good, and the secrets are gone', async () => {
    const { webhookId } = (await bench.add()).webhook;
    expect(await set(webhookId, 'removed')).toBe('changed');
    expect(await set(webhookId, 'removed')).toBe('unchanged');
    expect(await set(webhookId, 'enabled')).toBe('removed');
    const gone = await bench.webhooks.find(webhookId);
    expect(gone).toMatchObject({ status: 'removed' });
    expect(gone?.secrets).toBeUndefined();
    expect(await rotateWebhookSecret(bench.deps, webhookId, false, ACTOR)).toEqual({ outcome: 'removed' });
    expect(await testWebhook(bench.callDeps, webhookId, ACTOR)).toEqual({ outcome: 'removed' });
  });

  it('of none is unknown', async () => {
    expect(await set('wh_Ab3dEf7hIj9L', 'disabled')).toBe('unknown');
    expect(await rotateWebhookSecret(bench.deps, 'wh_Ab3dEf7hIj9L', false, ACTOR)).toEqual({
      outcome: 'unknown',
    });
    expect(await testWebhook(bench.callDeps, 'wh_Ab3dEf7hIj9L', ACTOR)).toEqual({ outcome: 'unknown' });
  });

  it('is written by one of two at once, on what the other wrote', async () => {
    const { webhookId } = (await bench.add()).webhook;
    const outcomes = await Promise.all([set(webhookId, 'disabled'), set(webhookId, 'disabled')]);
    expect(outcomes.sort()).toEqual(['changed', 'unchanged']);
    expect(bench.webhooks.events).toHaveLength(2);
  });
});

describe('another secret', () => {
  const verifies = (secret: string, nowMs: number): boolean => {
    const { headers, body } = bench.post.received.at(-1) as (typeof bench.post.received)[number];
    vi.useFakeTimers({ now: nowMs, toFake: ['Date'] });
    try {
      new Receiver(secret).verify(body, { ...headers });
      return true;
    } catch {
      return false;
    } finally {
      vi.useRealTimers();
    }
  };
  const signers = async (webhookId: string, secrets: readonly string[]): Promise<boolean[]> => {
    await testWebhook(bench.callDeps, webhookId, ACTOR);
    return secrets.map((secret) => verifies(secret, bench.clock.nowMs));
  };
  const rotate = async (webhookId: string, immediate = false): Promise<string> => {
    const rotated = await rotateWebhookSecret(bench.deps, webhookId, immediate, ACTOR);
    if (rotated.outcome !== 'rotated') throw new Error(rotated.outcome);
    return rotated.secret.reveal();
  };

  it('signs beside the one before for a day, and then alone', async () => {
    const { webhook, secret } = await bench.add();
    const first = secret.reveal();
    const second = await rotate(webhook.webhookId);

    expect(await signers(webhook.webhookId, [first, second])).toEqual([true, true]);
    bench.clock.nowMs += SECRET_OVERLAP_MS - 1;
    expect(await signers(webhook.webhookId, [first, second])).toEqual([true, true]);
    bench.clock.nowMs += 1;
    expect(await signers(webhook.webhookId, [first, second])).toEqual([false, true]);
  });

  it('ends the one before at once if that has leaked', async () => {
    const { webhook, secret } = await bench.add();
    const second = await rotate(webhook.webhookId, true);
    expect(await signers(webhook.webhookId, [secret.reveal(), second])).toEqual([false, true]);
  });

  it('twice in a day leaves the first behind', async () => {
    const { webhook, secret } = await bench.add();
    const second = await rotate(webhook.webhookId);
    const third = await rotate(webhook.webhookId);
    expect(await signers(webhook.webhookId, [secret.reveal(), second, third])).toEqual([false, true, true]);
  });

  it('is on record without itself', async () => {
    const { webhook } = await bench.add();
    const second = await rotate(webhook.webhookId);
    const event = bench.webhooks.events.at(-1);
    expect(event).toMatchObject({
      action: 'webhook.secret-rotated',
      detail: { serial: 2, overlapSeconds: 86_400 },
    });
    expect(JSON.stringify(bench.webhooks.events)).not.toContain(second.slice(6, 20));
  });
});

describe('a test', () => {
  it('is sent at once, signed, noted in the log and on record, and counted nowhere', async () => {
    const { webhook } = await bench.add();
    const tested = await testWebhook(bench.callDeps, webhook.webhookId, ACTOR);

    expect(tested).toMatchObject({ outcome: 'tested', tried: { delivered: true, status: 200, attempt: 0 } });
    expect(JSON.parse(bench.post.received[0]?.body ?? '')).toEqual({
      type: 'webhook.test',
      timestamp: '2026-11-23T14:00:00.000Z',
      data: { webhookId: webhook.webhookId },
    });
    expect(await bench.log.latest(webhook.webhookId, 5)).toHaveLength(1);
    expect(await bench.log.health(webhook.webhookId)).toMatchObject({ delivered: 0, failed: 0 });
    expect(bench.webhooks.events.at(-1)).toMatchObject({
      action: 'webhook.tested',
      detail: { delivered: true, status: 200 },
    });
  });

  it('reaches a disabled one too, and leaves it disabled', async () => {
    const { webhookId } = (await bench.add()).webhook;
    await setWebhookStatus(bench.deps, webhookId, 'disabled', { actor: ACTOR });
    expect(await testWebhook(bench.callDeps, webhookId, ACTOR)).toMatchObject({ outcome: 'tested' });
    expect(await bench.webhooks.find(webhookId)).toMatchObject({ status: 'disabled' });
  });

  it('is another message each time', async () => {
    const { webhookId } = (await bench.add()).webhook;
    await testWebhook(bench.callDeps, webhookId, ACTOR);
    await testWebhook(bench.callDeps, webhookId, ACTOR);
    const ids = bench.post.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(2);
  });
});
