/** What operators ask about webhooks. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AdminResponse } from '../../../lambdas/functions/admin/contract.ts';
import * as actions from '../../../lambdas/functions/admin/webhook-actions.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { answered } from '../../support/memory-webhooks.ts';
import { ACTOR, WebhookBench } from '../../support/webhook-bench.ts';

const UNKNOWN = { ok: false, error: { code: 'unknown-webhook' } };
let bench: WebhookBench;
let deps: actions.WebhookAdminDeps;
beforeEach(() => {
  bench = new WebhookBench();
  deps = { ...bench.callDeps, post: bench.post, addressRules: { allowPrivateAddresses: false } };
});

function resultOf<Result>(response: AdminResponse<Result>): Result {
  if (!response.ok) throw new Error(response.error.message);
  return response.result;
}
const add = async (input: object = {}) =>
  resultOf(await actions.add(deps, { url: 'https://hooks.example.com/', ...input }, ACTOR));

describe('list', () => {
  it('has the webhooks of an owner, however the address is written', async () => {
    const { webhookId } = await add({ owner: 'Team@example.com' });
    await add({ owner: 'other@example.com' });
    const { webhooks } = resultOf(await actions.list(deps, { owner: 'team@Example.com' }));
    expect(webhooks.map((webhook) => webhook.webhookId)).toEqual([webhookId]);
  });
});

describe('add', () => {
  it('answers with the webhook and its secret, which no other answer has', async () => {
    const added = await add({ owner: 'a@example.com', events: ['key.issued'] });
    const { secret, ...view } = added;
    expect(secret).toMatch(/^whsec_/);
    expect(view).toEqual({
      webhookId: expect.stringMatching(/^wh_/),
      url: 'https://hooks.example.com/',
      owner: 'a@example.com',
      events: ['key.issued'],
      description: null,
      status: 'enabled',
      statusSince: '2026-11-23T14:00:00.000Z',
      statusReason: null,
      createdAt: '2026-11-23T14:00:00.000Z',
      secretSince: '2026-11-23T14:00:00.000Z',
      formerSecretUntil: null,
    });
    const { webhookId } = view;
    const others = [
      await actions.list(deps, {}),
      await actions.show(deps, { webhookId }),
      await actions.test(deps, { webhookId }, ACTOR),
      await actions.setStatus(deps, 'disabled', { webhookId, reason: 'x' }, ACTOR, true),
    ];
    expect(JSON.stringify(others)).not.toMatch(/whsec_|ciphertext|wrappedDataKey/);
  });

  it.each([
    [{ url: 'https://127.0.0.1/' }, 'bad-request', /of this host itself/],
    [{ events: ['key.gone'] }, 'bad-request', /no type/],
    [{ owner: 'nobody' }, 'bad-request', /not a mail address/],
  ])('refuses %j', async (input, code, message) => {
    const refused = await actions.add(deps, { url: 'https://hooks.example.com/', ...input }, ACTOR);
    expect(refused).toMatchObject({ ok: false, error: { code, message: expect.stringMatching(message) } });
  });

  it('says which address its name resolves to, and the mend', async () => {
    bench.post.refusedHosts.set('hooks.example.com', 'The name hooks.example.com resolves to 10.0.0.1.');
    expect(await actions.add(deps, { url: 'https://hooks.example.com/' }, ACTOR)).toMatchObject({
      ok: false,
      error: {
        code: 'address-refused',
        message: expect.stringContaining('10.0.0.1'),
        hint: expect.stringContaining('public'),
      },
    });
  });

  it('answers a second one at the same address with the first one’s id', async () => {
    const { webhookId } = await add();
    const again = await actions.add(deps, { url: 'https://hooks.example.com/' }, ACTOR);
    expect(again).toMatchObject({
      ok: false,
      error: { code: 'conflict', message: expect.stringContaining(webhookId) },
    });
  });
});

describe('list and show', () => {
  it('list has those that are not removed, in their order, of all or of one owner', async () => {
    const first = await add();
    bench.clock.advanceSeconds(1);
    const second = await add({ owner: 'a@example.com' });
    bench.clock.advanceSeconds(1);
    const gone = await add({ owner: 'b@example.com' });
    await actions.setStatus(deps, 'removed', { webhookId: gone.webhookId }, ACTOR, false);

    const ids = async (owner?: string) =>
      resultOf(await actions.list(deps, owner === undefined ? {} : { owner })).webhooks.map(
        ({ webhookId }) => webhookId,
      );
    expect(await ids()).toEqual([first.webhookId, second.webhookId]);
    expect(await ids('a@example.com')).toEqual([second.webhookId]);
    expect(resultOf(await actions.show(deps, { webhookId: gone.webhookId })).status).toBe('removed');
  });

  it('show has what was sent, the latest first, and how it went', async () => {
    const { webhookId } = await add();
    const tried = {
      messageId: 'msg_1',
      type: 'key.issued',
      atMs: START_MS,
      attempt: 1,
      delivered: false,
      durationMs: 9,
    };
    await bench.log.record(webhookId, { ...tried, status: 500, failure: 'It answered 500.' });
    await bench.log.record(webhookId, {
      ...tried,
      atMs: START_MS + 5_000,
      attempt: 2,
      delivered: true,
      status: 200,
    });
    const { health, deliveries } = resultOf(await actions.show(deps, { webhookId }));
    expect(health).toMatchObject({
      delivered: 1,
      failed: 1,
      failingSince: null,
      lastFailedAt: '2026-11-23T14:00:00.000Z',
    });
    expect(
      deliveries.map(({ attempt, delivered, status, failure }) => ({ attempt, delivered, status, failure })),
    ).toEqual([
      { attempt: 2, delivered: true, status: 200, failure: null },
      { attempt: 1, delivered: false, status: 500, failure: 'It answered 500.' },
    ]);
  });
});

describe('what is done with one', () => {
  it('test answers with what came back', async () => {
    const { webhookId } = await add();
    bench.post.answer = answered(503);
    expect(resultOf(await actions.test(deps, { webhookId }, ACTOR))).toMatchObject({
      webhookId,
      type: 'webhook.test',
      attempt: 0,
      delivered: false,
      status: 503,
      failure: 'It answered 503.',
    });
  });

  it('rotate-secret answers with another, and until when the former signs', async () => {
    const { webhookId, secret } = await add();
    const rotated = resultOf(await actions.rotateSecret(deps, { webhookId }, ACTOR));
    expect(rotated).toMatchObject({ webhookId, formerSecretUntil: '2026-11-24T14:00:00.000Z' });
    expect(rotated.secret).not.toBe(secret);
    const leaked = resultOf(await actions.rotateSecret(deps, { webhookId, immediate: true }, ACTOR));
    expect(leaked.formerSecretUntil).toBeNull();
  });

  it('enable and disable want a reason, remove does not', async () => {
    const { webhookId } = await add();
    expect(await actions.setStatus(deps, 'disabled', { webhookId }, ACTOR, true)).toMatchObject({
      error: { code: 'bad-request' },
    });
    const off = await actions.setStatus(deps, 'disabled', { webhookId, reason: 'Why' }, ACTOR, true);
    expect(resultOf(off)).toMatchObject({ status: 'disabled', statusReason: 'Why' });
    expect(resultOf(await actions.setStatus(deps, 'removed', { webhookId }, ACTOR, false))).toMatchObject({
      status: 'removed',
      secretSince: null,
    });
  });

  it('is refused of a removed one', async () => {
    const { webhookId } = await add();
    await actions.setStatus(deps, 'removed', { webhookId }, ACTOR, false);
    const removed = { ok: false, error: { code: 'webhook-removed' } };
    expect(await actions.test(deps, { webhookId }, ACTOR)).toMatchObject(removed);
    expect(await actions.rotateSecret(deps, { webhookId }, ACTOR)).toMatchObject(removed);
    expect(await actions.setStatus(deps, 'enabled', { webhookId, reason: 'x' }, ACTOR, true)).toMatchObject(
      removed,
    );
  });

  it.each(['wh_Zb3dEf7hIj9L', 'wh_', '', 7, undefined, { a: 1 }, 'x'.repeat(9_999)])(
    'is refused of %j',
    async (id) => {
      const webhookId = id as string;
      expect(await actions.show(deps, { webhookId })).toMatchObject(UNKNOWN);
      expect(await actions.test(deps, { webhookId }, ACTOR)).toMatchObject(UNKNOWN);
      expect(await actions.rotateSecret(deps, { webhookId }, ACTOR)).toMatchObject(UNKNOWN);
      expect(await actions.setStatus(deps, 'enabled', { webhookId, reason: 'x' }, ACTOR, true)).toMatchObject(
        UNKNOWN,
      );
    },
  );
});
