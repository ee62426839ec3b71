/** A client that holds a key, in front of the whole deployment: what it sends, and how it moves to a new key by itself. */
import { describe, expect, it, vi } from 'vitest';
import type { KeyStore } from '../../../client/src/key-store.ts';
import { memoryStore } from '../../../client/src/key-store.ts';
import { approveRenewalKey } from '../../../lambdas/core/use-cases/decide-renewal-key.ts';
import { ClientBench } from '../../support/client-bench.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { API_URL } from '../../support/renewal-gateway.ts';

const statusOf = async (response: Promise<Response>) => (await response).status;

describe('a call', () => {
  it('carries the key, beside what the caller says', async () => {
    const bench = await ClientBench.start();
    const { fetch } = bench.holder();
    const response = await fetch(`${API_URL}/messages?a=b`, {
      method: 'POST',
      headers: { 'x-mine': '1', authorization: 'Bearer of-another' },
      body: '{"hello":1}',
    });
    expect(response.status).toBe(200);
    expect(bench.gateway.calls).toEqual([
      { url: `${API_URL}/messages?a=b`, authorization: `Bearer ${bench.key}`, body: '{"hello":1}' },
    ]);
  });

  it.each([
    ['text', (url: string) => url],
    ['a URL', (url: string) => new URL(url)],
    ['a Request', (url: string) => new Request(url, { headers: { accept: 'text/plain' } })],
  ])('by %s is the same', async (_what, input) => {
    const bench = await ClientBench.start();
    expect(await statusOf(bench.holder().fetch(input(API_URL)))).toBe(200);
    expect(bench.keysUsed()).toEqual([bench.key]);
  });

  it.each([
    'https://api.example.com/',
    'https://api.example.com/mcp-of-others',
    'https://api.example.com/.well-known/oauth-protected-resource/mcp',
    'https://api.example.com:8443/mcp',
    'http://api.example.com/mcp',
    'https://api.example.com.thief.example/mcp',
    'https://keys.example.com/renewals/x',
  ])('to %s carries no key', async (url) => {
    const bench = await ClientBench.start();
    await bench.holder().fetch(url);
    expect(bench.gateway.arrived.map(({ authorization }) => authorization)).toEqual([null]);
  });

  it('fails as fetch itself fails', async () => {
    const bench = await ClientBench.start();
    bench.gateway.intercept = () => Promise.reject(new TypeError('fetch failed'));
    await expect(bench.holder().fetch(API_URL)).rejects.toThrow('fetch failed');
  });

  it.each([[[]], [['mcp']], [['ftp://api.example.com']]])('is not prepared for %j', async (apis) => {
    const bench = await ClientBench.start();
    expect(() => bench.holder({ apis })).toThrow(TypeError);
  });
});

describe('a warning', () => {
  it('makes the client move to the new key by itself, within seconds, and no call fails', async () => {
    const bench = await ClientBench.start();
    const { fetch } = bench.holder();
    await fetch(API_URL);
    await bench.rotate();
    const fresh = await bench.world.sealedKey(bench.keyId, 2);

    const statuses = [await statusOf(fetch(API_URL))];
    expect(bench.ambient.nextInMs).toBe(5_000);
    await bench.ambient.pass(4_999);
    statuses.push(await statusOf(fetch(API_URL)));
    await bench.ambient.pass(1);
    statuses.push(await statusOf(fetch(API_URL)));

    expect(statuses).toEqual([200, 200, 200]);
    expect(bench.keysUsed()).toEqual([bench.key, bench.key, bench.key, fresh]);
    expect(bench.events).toEqual([{ type: 'renewed', version: 2 }]);
    expect(await bench.store.load()).toMatchObject({ current: fresh, previous: bench.key });
  });

  it('ends as migrated, judged by the counts', async () => {
    const bench = await ClientBench.start();
    const { fetch } = bench.holder();
    await fetch(API_URL);
    const execution = await bench.rotate();
    await fetch(API_URL);
    await bench.ambient.pass(10_000);
    for (let calls = 0; calls < 40; calls += 1) await fetch(API_URL);
    bench.world.clock.advanceSeconds(72 * 3600);
    await execution.run('judge');
    expect(bench.world.record(bench.keyId).rotation?.verdict).toMatchObject({
      evidence: 'migrated',
      decision: 'retire',
    });
  });

  it('on many answers at once starts one renewal', async () => {
    const bench = await ClientBench.start();
    const { fetch } = bench.holder();
    await bench.rotate();
    await Promise.all(Array.from({ length: 10 }, () => fetch(API_URL)));
    expect(bench.ambient.timers.size).toBe(1);
    await bench.ambient.pass(10_000);
    const proofs = bench.gateway.arrived.filter(({ body }) => body.includes('proof'));
    expect(proofs).toHaveLength(1);
  });

  it('that comes with an old answer after the move starts nothing', async () => {
    const bench = await ClientBench.start();
    const holder = bench.holder();
    await bench.rotate();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    bench.gateway.serve = async () => {
      await held;
      return new Response('late');
    };
    const late = holder.fetch(API_URL);
    await vi.waitFor(() => expect(bench.gateway.calls).toHaveLength(1));
    await holder.renew();
    release();
    expect((await late).headers.get('api-key-status')).toMatch(/^deprecating/);
    expect(bench.ambient.timers.size).toBe(0);
  });

  it.each([-86_400_000, -3_600_000, 3_600_000, 86_400_000])(
    'is acted on by a client whose clock is off by %d ms',
    async (skewMs) => {
      const bench = await ClientBench.start();
      bench.ambient.skewMs = skewMs;
      const { fetch } = bench.holder();
      await bench.rotate();
      await fetch(API_URL);
      await bench.ambient.pass(10_000);
      expect(bench.events).toEqual([{ type: 'renewed', version: 2 }]);
    },
  );

  it('with little time left is acted on with little delay', async () => {
    const bench = await ClientBench.start();
    const { fetch } = bench.holder();
    await bench.rotate({ gracePeriod: 'PT20S' });
    await fetch(API_URL);
    expect(bench.ambient.nextInMs).toBe(1_000);
  });

  it.each(['deprecating', 'deprecating; version="2"', 'retired; version=1', 'nonsense, nonsense'])(
    'that is none (%j) is ignored',
    async (value) => {
      const bench = await ClientBench.start();
      bench.gateway.serve = () => new Response('', { headers: { 'api-key-status': value } });
      await bench.holder().fetch(API_URL);
      expect(bench.ambient.timers.size).toBe(0);
    },
  );
});

describe('the store', () => {
  it('has the new key before it is used, and a store that fails keeps the client on the key it has', async () => {
    const order: string[] = [];
    const kept = memoryStore();
    const failing: KeyStore = {
      load: () => kept.load(),
      save: async (keys) => {
        order.push('save');
        if (order.length === 1) throw new Error('disk full');
        await kept.save(keys);
      },
    };
    const bench = await ClientBench.start({ store: failing });
    await kept.save({ current: bench.key });
    const holder = bench.holder();
    await bench.rotate();
    expect(await holder.renew()).toBe('unavailable');
    expect(bench.events).toEqual([{ type: 'trouble', why: 'The store could not keep the key (Error).' }]);
    await holder.fetch(API_URL);
    expect(bench.keysUsed()).toEqual([bench.key]);
    expect(await holder.renew()).toBe('done');
    await holder.fetch(API_URL);
    expect((await kept.load())?.current).toBe(bench.keysUsed().at(-1));
  });

  it('that instances share gives the others what one of them has renewed', async () => {
    const bench = await ClientBench.start();
    const [one, other] = [bench.holder(), bench.holder()];
    await Promise.all([one.fetch(API_URL), other.fetch(API_URL)]);
    await bench.rotate();
    await one.renew();
    await one.fetch(API_URL);
    expect(await other.renew()).toBe('done');
    await other.fetch(API_URL);
    expect(new Set(bench.keysUsed().slice(-2)).size).toBe(1);
    expect(bench.events.map(({ type }) => type)).toEqual(['renewed', 'found-in-store']);
  });

  it('that is empty makes the client ask for its first key, once for all calls that wait', async () => {
    const bench = await ClientBench.start({ keys: null });
    const { fetch } = bench.holder();
    const statuses = await Promise.all([1, 2, 3].map(() => statusOf(fetch(API_URL))));
    expect(statuses).toEqual([200, 200, 200]);
    expect(bench.gateway.arrived.filter(({ body }) => body.includes('proof'))).toHaveLength(1);
    expect(await bench.store.load()).toEqual({ current: bench.key });
  });

  it('that is empty where no key can be had fails the call by name, and the next one asks again', async () => {
    const bench = await ClientBench.start({ keys: null, unregistered: true });
    const { fetch } = bench.holder();
    for (let times = 0; times < 2; times += 1) {
      await expect(fetch(API_URL)).rejects.toMatchObject({ name: 'KeyUnavailable' });
    }
    expect(bench.gateway.calls).toEqual([]);
  });
});

describe('a client without a registered key', () => {
  it('proposes its own, and renews once an operator has approved it', async () => {
    const bench = await ClientBench.start({ unregistered: true });
    const holder = bench.holder();
    const { thumbprint } = bench.signingKey;
    expect(await holder.propose()).toEqual({ outcome: 'proposed', thumbprint });
    expect(await holder.renew()).toBe('refused');
    await approveRenewalKey(bench.world.deps, bench.keyId, { actor: OPERATOR, thumbprint });
    expect(await holder.propose()).toEqual({ outcome: 'registered', thumbprint });
    await bench.rotate();
    expect(await holder.renew()).toBe('done');
    expect(await statusOf(holder.fetch(API_URL))).toBe(200);
  });

  it('is told why it may not', async () => {
    const bench = await ClientBench.start({ unregistered: true });
    const holder = bench.holder();
    await holder.fetch(API_URL);
    await bench.rotate();
    expect(await holder.propose()).toEqual({ outcome: 'not-taken', why: 'not_active' });
    bench.gateway.intercept = () => Response.json({}, { status: 503 });
    expect(await holder.propose()).toMatchObject({ outcome: 'unavailable' });
  });
});

describe('closing', () => {
  it('ends what would be done in the background', async () => {
    const bench = await ClientBench.start();
    const holder = bench.holder();
    await bench.rotate();
    await holder.fetch(API_URL);
    holder.close();
    expect(bench.ambient.timers.size).toBe(0);
    expect(await statusOf(holder.fetch(API_URL))).toBe(200);
    expect(bench.ambient.timers.size).toBe(0);
  });

  it('a listener that throws takes no call with it', async () => {
    const bench = await ClientBench.start();
    const holder = bench.holder({
      onEvent: () => {
        throw new Error('a listener');
      },
    });
    await bench.rotate();
    expect(await holder.renew()).toBe('done');
  });
});
