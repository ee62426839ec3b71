/** What an API, a network or a careless caller could do to a client that holds a key. */
import { describe, expect, it } from 'vitest';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { ClientBench } from '../../support/client-bench.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { API_URL, RENEWAL_URL } from '../../support/renewal-gateway.ts';

const BY = { actor: OPERATOR, reason: 'a trial' };
const statusOf = async (response: Promise<Response>) => (await response).status;
const proofsAt = (bench: ClientBench) =>
  bench.gateway.arrived.filter(({ url, body }) => url.startsWith(RENEWAL_URL) && body.includes('proof'));

describe('an API that refuses every key', () => {
  it('does not make the client renew with each call: what it gets again is nothing new', async () => {
    const bench = await ClientBench.start();
    const { fetch } = bench.holder();
    await bench.rotate({ purpose: 'emergency', reason: 'leaked', immediateInvalidation: true });
    // As one does that serves another environment: the new key is never used, and handed out again and again.
    bench.gateway.intercept = (url) =>
      url.startsWith(API_URL) ? new Response('', { status: 401 }) : undefined;
    for (let calls = 0; calls < 20; calls += 1) {
      expect(await statusOf(fetch(API_URL))).toBe(401);
      await bench.ambient.pass(100);
    }
    expect(proofsAt(bench).length).toBeLessThan(5);
  });
});

describe('a new key that is refused once', () => {
  it('is not forgotten while the one before is still deprecating: nothing was taken back', async () => {
    const bench = await ClientBench.start();
    const { fetch } = bench.holder();
    await bench.rotate();
    await fetch(API_URL);
    await bench.ambient.pass(10_000);
    expect(await statusOf(fetch(API_URL))).toBe(200);
    const held = await bench.store.load();
    let refused = false;
    bench.gateway.intercept = (url) => {
      if (!url.startsWith(API_URL) || refused) return undefined;
      refused = true;
      return new Response('', { status: 401 });
    };
    expect(await statusOf(fetch(API_URL))).toBe(200);
    expect(refused).toBe(true);
    expect((await bench.store.load())?.current).toBe(held?.current);
    expect(bench.events.map(({ type }) => type)).not.toContain('rolled-back');

    await bench.ambient.pass(10_000);
    expect(await statusOf(fetch(API_URL))).toBe(200);
    expect(bench.keysUsed().at(-1)).toBe(held?.current);
  });

  it('since its rotation was taken back and another one runs is replaced by the newest', async () => {
    const bench = await ClientBench.start();
    const { fetch } = bench.holder();
    await bench.rotate();
    await fetch(API_URL);
    await bench.ambient.pass(10_000);
    await fetch(API_URL);
    await rollbackRotation(bench.world.deps, bench.keyId, BY);
    await bench.rotate({}, 'r-2');
    const newest = await bench.world.sealedKey(bench.keyId, 3);

    expect(await statusOf(fetch(API_URL))).toBe(200);
    await bench.ambient.pass(10_000);
    expect(await statusOf(fetch(API_URL))).toBe(200);
    expect(bench.keysUsed().at(-1)).toBe(newest);
  });
});

describe('a rollback', () => {
  it('reaches a client whose calls can never be sent twice, and is tried once', async () => {
    const bench = await ClientBench.start();
    const { fetch } = bench.holder();
    const call = () =>
      statusOf(
        fetch(API_URL, { method: 'POST', body: new Response('a').body, duplex: 'half' } as RequestInit),
      );
    await bench.rotate();
    await call();
    await bench.ambient.pass(10_000);
    expect(await call()).toBe(200);
    await rollbackRotation(bench.world.deps, bench.keyId, BY);

    expect(await call()).toBe(401);
    expect(await call()).toBe(200);
    expect(bench.keysUsed().at(-1)).toBe(bench.key);

    bench.gateway.intercept = (url) =>
      url.startsWith(API_URL) ? new Response('', { status: 401 }) : undefined;
    const before = bench.keysUsed().length;
    for (let calls = 0; calls < 10; calls += 1) await call();
    expect(
      bench
        .keysUsed()
        .slice(before)
        .filter((key) => key === bench.key),
    ).toHaveLength(1);
  });
});

describe('a redirect', () => {
  const redirecting = async (to: string, status = 307) => {
    const bench = await ClientBench.start();
    bench.gateway.intercept = (url) =>
      url === API_URL ? new Response(null, { status, headers: { location: to } }) : undefined;
    return bench;
  };
  const last = (bench: ClientBench) => bench.gateway.arrived.at(-1);

  it('below the API is followed with the key and the body', async () => {
    const bench = await redirecting('/mcp/');
    expect(await statusOf(bench.holder().fetch(API_URL, { method: 'POST', body: 'a' }))).toBe(200);
    expect(last(bench)).toEqual({ url: `${API_URL}/`, authorization: `Bearer ${bench.key}`, body: 'a' });
  });

  it.each([
    '/mcp-of-others',
    'https://thief.example/mcp',
    '//thief.example/mcp',
    'http://api.example.com/mcp',
  ])('to %s takes the key not there', async (to) => {
    const bench = await redirecting(to);
    await bench.holder().fetch(new Request(API_URL));
    expect(last(bench)).toMatchObject({ url: new URL(to, API_URL).href, authorization: null });
  });

  it('and back gives it the key no more', async () => {
    const bench = await redirecting('/elsewhere');
    const { intercept } = bench.gateway;
    bench.gateway.intercept = (url, init) =>
      url.endsWith('/elsewhere')
        ? new Response(null, { status: 302, headers: { location: `${API_URL}/back` } })
        : intercept(url, init);
    await bench.holder().fetch(API_URL);
    expect(last(bench)).toMatchObject({ url: `${API_URL}/back`, authorization: null });
  });

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [302, 'PUT', 'PUT'],
    [303, 'HEAD', 'HEAD'],
    [308, 'POST', 'POST'],
  ])('of %d makes of %s a %s, as fetch does', async (status, method, then) => {
    const bench = await redirecting(`${API_URL}/then`, status);
    const methods: (string | undefined)[] = [];
    const { intercept } = bench.gateway;
    bench.gateway.intercept = (url, init) => {
      methods.push(init.method);
      return intercept(url, init);
    };
    const body = method === 'HEAD' ? {} : { body: 'a', headers: { 'content-type': 'text/plain' } };
    await bench.holder().fetch(API_URL, { method, ...body });
    expect(methods).toEqual([method, then]);
    expect(last(bench)?.body).toBe(then === method && method !== 'HEAD' ? 'a' : '');
  });

  it('of a body that cannot be sent again is the caller’s, and so is one that is not to be followed', async () => {
    const bench = await redirecting(`${API_URL}/then`);
    const { fetch } = bench.holder();
    const stream = { method: 'POST', body: new Response('a').body, duplex: 'half' } as RequestInit;
    expect(await statusOf(fetch(API_URL, stream))).toBe(307);
    expect(await statusOf(fetch(API_URL, { redirect: 'manual' }))).toBe(307);
    expect(await statusOf(fetch(new Request(API_URL, { redirect: 'manual' })))).toBe(307);
  });

  it('without an end is an error', async () => {
    const bench = await redirecting(API_URL);
    await expect(bench.holder().fetch(API_URL)).rejects.toThrow(TypeError);
    expect(bench.gateway.calls).toHaveLength(21);
  });
});

describe('a listener', () => {
  it('that fails later takes nothing with it either', async () => {
    const failures: unknown[] = [];
    const note = (reason: unknown) => void failures.push(reason);
    process.on('unhandledRejection', note);
    try {
      const bench = await ClientBench.start({
        onEvent: async () => {
          throw new Error('mine');
        },
      });
      await bench.rotate();
      await bench.holder().renew();
      await new Promise((done) => setImmediate(done));
      expect(failures).toEqual([]);
    } finally {
      process.off('unhandledRejection', note);
    }
  });
});

describe('a client without any key', () => {
  it('does not ask for one with each call that fails', async () => {
    const bench = await ClientBench.start({ keys: null, unregistered: true });
    const { fetch } = bench.holder();
    for (let calls = 0; calls < 20; calls += 1) {
      await expect(fetch(API_URL)).rejects.toMatchObject({ name: 'KeyUnavailable' });
      await bench.ambient.pass(100);
    }
    expect(proofsAt(bench).length).toBeLessThan(5);
  });
});
