/** A client that holds a key, where a renewal fails or its key is refused. */
import { describe, expect, it } from 'vitest';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { ClientBench } from '../../support/client-bench.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { API_URL } from '../../support/renewal-gateway.ts';

const BY = { actor: OPERATOR, reason: 'a trial' };
const statusOf = async (response: Promise<Response>) => (await response).status;

describe('a renewal that fails', () => {
  const TROUBLES: [string, () => Response | Promise<Response>][] = [
    ['with no answer', () => Promise.reject(new TypeError('fetch failed: secret'))],
    ['with 500', () => Response.json({ error: 'fault' }, { status: 500 })],
    ['with 429', () => Response.json({ message: 'Too Many Requests' }, { status: 429 })],
    ['with nonsense', () => new Response('<html>', { status: 200 })],
    ['with a challenge that is none', () => Response.json({ challenge: 7 })],
  ];

  it.each(TROUBLES)('%s fails no call, and is tried again ever more rarely', async (_what, trouble) => {
    const bench = await ClientBench.start();
    const { fetch } = bench.holder();
    await bench.rotate();
    bench.gateway.intercept = (url) => (url.includes('/renewals/') ? trouble() : undefined);
    expect(await statusOf(fetch(API_URL))).toBe(200);

    const delays: (number | undefined)[] = [];
    for (let times = 0; times < 9; times += 1) {
      delays.push(bench.ambient.nextInMs);
      await bench.ambient.pass(bench.ambient.nextInMs as number);
      expect(await statusOf(fetch(API_URL))).toBe(200);
    }
    expect(delays).toEqual([5_000, 3_750, 7_500, 15_000, 30_000, 60_000, 120_000, 240_000, 450_000]);
    expect(bench.events).toHaveLength(9);
    for (const event of bench.events) expect(JSON.stringify(event)).not.toContain('secret');

    bench.gateway.intercept = () => undefined;
    await bench.ambient.pass(bench.ambient.nextInMs as number);
    expect(bench.events.at(-1)).toEqual({ type: 'renewed', version: 2 });
    expect(bench.ambient.timers.size).toBe(0);
  });

  it('since the public key is not registered is not tried again until the next warning, and not at once then', async () => {
    const bench = await ClientBench.start({ unregistered: true });
    const { fetch } = bench.holder();
    await bench.rotate();
    await fetch(API_URL);
    await bench.ambient.pass(10_000);
    expect(bench.events).toEqual([{ type: 'trouble', why: 'The renewal API says refused.' }]);
    expect(bench.ambient.timers.size).toBe(0);
    bench.world.clock.nowMs -= 5_000;
    await fetch(API_URL);
    expect(bench.ambient.timers.size).toBe(0);
    bench.world.clock.nowMs += 10_000;
    await fetch(API_URL);
    expect(bench.ambient.timers.size).toBe(1);
  });

  it.each([
    [
      'for another key',
      (keyId: string) => ({ keyId: 'OtherKey0001', version: 2, key: `mk_live_${keyId}_${'a'.repeat(49)}` }),
    ],
    [
      'with a key of another id',
      (keyId: string) => ({ keyId, version: 2, key: `mk_live_OtherKey0001_${'a'.repeat(49)}` }),
    ],
    ['with what is no key', (keyId: string) => ({ keyId, version: 2, key: 'hello' })],
    ['without a version', (keyId: string) => ({ keyId, key: `mk_live_${keyId}_${'a'.repeat(49)}` })],
  ])('by an answer %s takes nothing over', async (_what, contentOf) => {
    const bench = await ClientBench.start();
    const holder = bench.holder();
    bench.gateway.intercept = async (url, init) => {
      if (!url.includes('/renewals/') || url.endsWith('/challenge')) return undefined;
      return Response.json({ jwe: await encryptedFor(init, contentOf(bench.keyId)) });
    };
    expect(await holder.renew()).toBe('unavailable');
    expect(bench.events).toEqual([{ type: 'trouble', why: 'The answer cannot be opened.' }]);
    expect(await bench.store.load()).toEqual({ current: bench.key });
  });

  it.each([
    ['alg', { alg: 'ECDH-ES+A256KW' }],
    ['enc', { enc: 'A128GCM' }],
    ['typ', { typ: 'JWT' }],
  ])('by an answer of another %s takes nothing over', async (_what, header) => {
    const bench = await ClientBench.start();
    const holder = bench.holder();
    bench.gateway.intercept = async (url, init) => {
      if (!url.includes('/renewals/') || url.endsWith('/challenge')) return undefined;
      const content = { keyId: bench.keyId, version: 2, key: `mk_live_${bench.keyId}_${'a'.repeat(49)}` };
      return Response.json({ jwe: await encryptedFor(init, content, header) });
    };
    expect(await holder.renew()).toBe('unavailable');
  });

  it('by an answer that was lost gets the same key with the next try', async () => {
    const bench = await ClientBench.start();
    const holder = bench.holder();
    await bench.rotate();
    let lost = 0;
    const { fetch } = bench.gateway;
    const losing = async (...args: Parameters<typeof fetch>) => {
      const response = await fetch(...args);
      if (!String(args[1]?.body).includes('proof') || lost > 0) return response;
      lost += 1;
      throw new TypeError('terminated');
    };
    const other = bench.holder({ fetch: losing });
    expect(await other.renew()).toBe('unavailable');
    expect(await other.renew()).toBe('done');
    expect(lost).toBe(1);
    holder.close();
  });
});

async function encryptedFor(
  init: RequestInit,
  content: object,
  header: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { CompactEncrypt, decodeJwt, importJWK } = await import('jose');
  const { proof } = JSON.parse(String(init.body)) as { proof: string };
  const { answerKey } = decodeJwt<{ answerKey: object }>(proof);
  const all = { alg: 'ECDH-ES', enc: 'A256GCM', typ: 'keyturn-key+jwe', ...header };
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(content)))
    .setProtectedHeader(all)
    .encrypt(await importJWK(answerKey, all.alg));
}

describe('a 401', () => {
  it('that came while the key was swapped is asked again once, with the new key', async () => {
    const bench = await ClientBench.start();
    const holder = bench.holder();
    await holder.fetch(API_URL);
    const execution = await bench.rotate({
      purpose: 'emergency',
      reason: 'leaked',
      immediateInvalidation: true,
    });
    expect(execution).toBeDefined();
    let swapped = false;
    bench.gateway.intercept = async (url) => {
      if (!url.startsWith(API_URL) || swapped) return undefined;
      swapped = true;
      await holder.renew();
      return undefined;
    };
    expect(await statusOf(holder.fetch(API_URL, { method: 'POST', body: 'again' }))).toBe(200);
    expect(bench.gateway.calls.map(({ body }) => body)).toEqual(['', 'again', 'again']);
  });

  it.each([
    ['a stream', () => new Response('gone').body, false],
    ['text', () => 'a', true],
    ['a form', () => new URLSearchParams({ a: 'b' }), true],
    ['bytes', () => new Uint8Array([1, 2]), true],
    ['a buffer', () => new ArrayBuffer(2), true],
    ['a file', () => new Blob(['a']), true],
    ['fields', () => Object.assign(new FormData(), {}), true],
  ])('of a call with %s is asked again only if that can be sent again', async (_what, body, again) => {
    const bench = await ClientBench.start();
    const holder = bench.holder();
    await holder.fetch(API_URL);
    await bench.rotate({ purpose: 'emergency', reason: 'leaked', immediateInvalidation: true });
    let swapped = false;
    bench.gateway.intercept = async (url) => {
      if (url.startsWith(API_URL) && !swapped) {
        swapped = true;
        await holder.renew();
      }
      return undefined;
    };
    const status = await statusOf(
      holder.fetch(API_URL, { method: 'POST', body: body() as BodyInit, duplex: 'half' } as RequestInit),
    );
    expect(status).toBe(again ? 200 : 401);
  });

  it('of a Request with a body is not asked again: its body is read', async () => {
    const bench = await ClientBench.start({ keys: { current: 'mk_live_none' } });
    const holder = bench.holder();
    const request = new Request(API_URL, { method: 'POST', body: 'once' });
    expect(await statusOf(holder.fetch(request))).toBe(401);
    expect(bench.gateway.calls).toHaveLength(1);
  });

  it('without another key is the caller’s, at once, and a new key is asked for', async () => {
    const bench = await ClientBench.start();
    const { fetch } = bench.holder();
    await fetch(API_URL);
    await bench.rotate({ purpose: 'emergency', reason: 'leaked', immediateInvalidation: true });
    expect(await statusOf(fetch(API_URL))).toBe(401);
    expect(bench.ambient.nextInMs).toBe(0);
    await bench.ambient.pass(0);
    expect(await statusOf(fetch(API_URL))).toBe(200);
  });

  it('after a rollback moves the client back to the key before', async () => {
    const bench = await ClientBench.start();
    const { fetch } = bench.holder();
    await bench.rotate();
    await fetch(API_URL);
    await bench.ambient.pass(10_000);
    expect(await statusOf(fetch(API_URL))).toBe(200);
    await rollbackRotation(bench.world.deps, bench.keyId, BY);

    expect(await statusOf(fetch(API_URL))).toBe(200);
    expect(await statusOf(fetch(API_URL))).toBe(200);
    expect(bench.keysUsed().slice(-2)).toEqual([bench.key, bench.key]);
    expect(bench.events.at(-1)).toEqual({ type: 'rolled-back' });
    expect(await bench.store.load()).toEqual({ current: bench.key });
  });

  it('of both keys is the caller’s, and the one before is never tried again', async () => {
    const bench = await ClientBench.start();
    const { fetch } = bench.holder();
    const execution = await bench.rotate();
    await fetch(API_URL);
    await bench.ambient.pass(10_000);
    for (let calls = 0; calls < 40; calls += 1) await fetch(API_URL);
    await execution.waitAndJudge(await execution.run('judge'));
    await execution.run('retire');
    await bench.rotate({ purpose: 'emergency', reason: 'leaked', immediateInvalidation: true }, 'e-1');

    const before = bench.gateway.calls.length;
    expect(await statusOf(fetch(API_URL))).toBe(401);
    expect(bench.gateway.calls.length - before).toBe(2);
    await bench.ambient.pass(0);
    expect(await statusOf(fetch(API_URL))).toBe(200);
    expect(bench.events.map(({ type }) => type)).toEqual(['renewed', 'renewed']);
  });

  it.each([500, 429])('answered with %d by the key before proves nothing', async (status) => {
    const bench = await ClientBench.start({
      keys: {
        current: 'mk_live_refused',
        previous: 'mk_live_before',
        previousUntilMs: Number.MAX_SAFE_INTEGER,
      },
    });
    const { fetch } = bench.holder();
    bench.gateway.intercept = (_url, init) =>
      new Headers(init.headers).get('authorization')?.endsWith('before')
        ? new Response('', { status })
        : undefined;
    expect(await statusOf(fetch(API_URL))).toBe(status);
    expect((await bench.store.load())?.current).toBe('mk_live_refused');
  });

  it('long after the end of the key before does not bring it up: its use would be an alarm', async () => {
    const bench = await ClientBench.start();
    const { fetch } = bench.holder();
    await bench.rotate();
    await fetch(API_URL);
    await bench.ambient.pass(10_000);
    bench.world.clock.advanceSeconds((72 + 7 * 24) * 3600);
    await bench.world.store.find(bench.keyId);
    bench.gateway.intercept = (url) =>
      url.startsWith(API_URL) ? new Response('', { status: 401 }) : undefined;
    const before = bench.gateway.calls.length;
    expect(await statusOf(fetch(API_URL))).toBe(401);
    expect(bench.gateway.calls.length - before).toBe(1);
  });
});
