import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { WrongKeyCount } from '../../../lambdas/core/domain/wrong-key.ts';
import type { RetiredUse } from '../../../lambdas/core/ports/authorization.ts';
import { WrongKeyMeter, type WrongRequest } from '../../../lambdas/core/use-cases/wrong-key-meter.ts';
import { forged } from '../../support/forged-keys.ts';
import { START_MS } from '../../support/manual-clock.ts';

const WINDOW_SECONDS = 300;
const WAIT_MS = 30_000;

let added: { readonly windowMs: number; readonly count: WrongKeyCount }[];
let noted: { readonly windowMs: number; readonly use: RetiredUse }[];
let failure: Error | undefined;
let meter: WrongKeyMeter;

beforeEach(() => {
  added = [];
  noted = [];
  failure = undefined;
  meter = new WrongKeyMeter(
    {
      addWrong: async (windowMs, count) => {
        if (failure) throw failure;
        added.push({ windowMs, count });
      },
      noteRetiredUse: async (windowMs, use) => {
        if (failure) throw failure;
        noted.push({ windowMs, use });
      },
    },
    WINDOW_SECONDS,
  );
});

const request = (changes: Partial<WrongRequest> = {}): WrongRequest => ({
  reason: 'unknown',
  keyId: 'Zz9yXx8wVv7u',
  isKnown: false,
  address: '192.0.2.7',
  userAgent: 'agent/1.0',
  atMs: START_MS,
  ...changes,
});
const addressOf = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
const requestsIn = (counts: typeof added) => counts.reduce((sum, { count }) => sum + count.requests, 0);

describe('a flood', () => {
  it('of many sources holds 256 of each kind in memory: what there is no room for is with the others, and lost by none', async () => {
    await meter.count(request({ address: 'first' }));
    for (let index = 0; index < 256; index += 1) {
      await meter.count(request({ address: addressOf(index) }));
      await meter.count(request({ address: addressOf(index) }));
    }
    for (let again = 0; again < 3; again += 1) await meter.count(request({ address: 'first' }));
    await meter.flushAll(START_MS);
    const [most] = added
      .map(({ count }) => count)
      .sort((one, other) => other.requests - one.requests)
      .slice(1);
    // The first of its four requests had made room before the others came.
    expect(most).toMatchObject({ source: { address: 'first' }, requests: 3 });
    expect(requestsIn(added)).toBe(1 + 2 * 256 + 3);
  });

  it('of 10,000 requests within the interval writes nothing on their way, and one counter for its address after it', async () => {
    for (let index = 0; index < 10_000; index += 1) {
      await meter.flushDue(START_MS + index);
      await meter.count(request({ atMs: START_MS + index }));
    }
    expect(added).toEqual([]);
    await meter.flushDue(START_MS + WAIT_MS);
    expect(added).toHaveLength(1);
    expect(added[0]?.count).toMatchObject({
      source: { kind: 'address', address: '192.0.2.7' },
      requests: 10_000,
      reasons: { unknown: 10_000 },
      firstAtMs: START_MS,
      lastAtMs: START_MS + 9_999,
    });
  });

  it('from 10,000 addresses is eleven counters: those with the most requests and the others, none of it lost', async () => {
    for (let index = 0; index < 10_000; index += 1) {
      await meter.count(request({ address: addressOf(index) }));
      // One that comes more often than each other.
      if (index % 10 === 0) await meter.count(request({ address: '203.0.113.1' }));
    }
    await meter.flushDue(START_MS + WAIT_MS);
    expect(added).toHaveLength(11);
    expect(requestsIn(added)).toBe(11_000);
    const sources = added.map(({ count: { source } }) => source);
    expect(sources).toContainEqual({ kind: 'address', address: '203.0.113.1' });
    expect(sources.at(-1)).toEqual({ kind: 'others' });
  });

  it('of single requests from everywhere hides neither an address nor a key that comes often and late', async () => {
    const isKnown = true;
    for (let index = 0; index < 2_000; index += 1) {
      await meter.count(request({ address: addressOf(index) }));
      await meter.count(request({ isKnown, reason: 'wrong-secret', keyId: `Key${index}` }));
      if (index < 1_000 || index % 10 > 0) continue;
      await meter.count(request({ address: '203.0.113.1' }));
      await meter.count(request({ isKnown, reason: 'wrong-secret', keyId: 'Victim000001' }));
    }
    await meter.flushDue(START_MS + WAIT_MS);
    expect(requestsIn(added)).toBe(4_200);
    for (const source of [
      { kind: 'address', address: '203.0.113.1' },
      { kind: 'key', keyId: 'Victim000001' },
    ]) {
      expect(added.map(({ count }) => count)).toContainEqual(
        expect.objectContaining({ source, requests: 100 }),
      );
    }
  });

  it('of attempts on 10,000 ids of keys crowds out no address, and the other way round', async () => {
    for (let index = 0; index < 10_000; index += 1) {
      await meter.count(request({ isKnown: true, reason: 'wrong-secret', keyId: `Key${index}` }));
    }
    await meter.count(request({ address: '203.0.113.1' }));
    await meter.flushDue(START_MS + WAIT_MS);
    expect(added).toHaveLength(12);
    expect(requestsIn(added)).toBe(10_001);
    expect(added.map(({ count: { source } }) => source)).toContainEqual({
      kind: 'address',
      address: '203.0.113.1',
    });
  });

  it('of whatever kind loses no request, and writes at most 21 counters an interval', async () => {
    const reasons = ['malformed', 'unknown', 'wrong-secret', 'expired', 'retired'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ address: fc.nat(400), key: fc.nat(400), reason: fc.constantFrom(...reasons) }), {
          maxLength: 800,
        }),
        async (requests) => {
          added = [];
          for (const { address, key, reason } of requests) {
            const isKnown = reason !== 'malformed' && reason !== 'unknown';
            await meter.count(request({ address: addressOf(address), keyId: `Key${key}`, reason, isKnown }));
          }
          await meter.flushAll(START_MS);
          expect(requestsIn(added)).toBe(requests.length);
          expect(added.length).toBeLessThanOrEqual(21);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('counts', () => {
  it.each(['no-key', 'disabled', 'revoked', 'not-yet-active', 'environment-not-served'] as const)(
    'are not of a request that is refused for %s',
    async (reason) => {
      await meter.count(request({ reason }));
      await meter.flushAll(START_MS);
      expect(added).toEqual([]);
    },
  );

  it('are of the key where there is one, of the address where there is none, of neither where that is unknown', async () => {
    await meter.count(request({ isKnown: true, reason: 'wrong-secret', keyId: 'Ab3dEf7hIj9L' }));
    await meter.count(request({ reason: 'malformed', address: '2001:db8::1' }));
    await meter.count(request({ address: 'unknown' }));
    await meter.flushAll(START_MS);
    expect(added.map(({ count: { source } }) => source)).toEqual([
      { kind: 'key', keyId: 'Ab3dEf7hIj9L' },
      { kind: 'address', address: '2001:db8::1' },
      { kind: 'others' },
    ]);
  });

  it('name five callers at most, the last ones, and no key that a caller’s name brings along', async () => {
    const key = forged('Ab3dEf7hIj9L');
    for (let index = 0; index < 20; index += 1) {
      await meter.count(
        request({
          isKnown: true,
          reason: 'wrong-secret',
          address: addressOf(index),
          userAgent: `curl ${key}`,
        }),
      );
    }
    await meter.flushAll(START_MS);
    const callers = added[0]?.count.callers ?? [];
    expect(callers.map(({ address }) => address)).toEqual([15, 16, 17, 18, 19].map(addressOf));
    expect(JSON.stringify(added)).not.toContain(key);
    expect(callers[0]?.userAgent.length).toBeLessThanOrEqual(160);
  });

  it('are of the window in which they are written, however long they waited', async () => {
    await meter.count(request());
    const muchLaterMs = START_MS + 3 * WINDOW_SECONDS * 1000 + 7;
    await meter.flushDue(muchLaterMs);
    expect(added[0]?.windowMs).toBe(muchLaterMs - (muchLaterMs % 300_000));
    expect(added[0]?.count.firstAtMs).toBe(START_MS);
  });

  it('wait for the next interval where they cannot be written, with what comes meanwhile', async () => {
    failure = new Error('ThrottlingException');
    await meter.count(request());
    await meter.flushDue(START_MS + WAIT_MS);
    await meter.count(request({ atMs: START_MS + WAIT_MS }));
    failure = undefined;
    await meter.flushDue(START_MS + WAIT_MS + 1);
    expect(added).toEqual([]);
    await meter.flushDue(START_MS + 2 * WAIT_MS);
    expect(added.map(({ count }) => count.requests)).toEqual([2]);
  });
});

describe('use of a retired version', () => {
  const retired = (atMs = START_MS, version = 1) =>
    request({ isKnown: true, reason: 'retired', keyId: 'Ab3dEf7hIj9L', version, atMs });

  it('is noted at once, once in each window for each version', async () => {
    await meter.count(retired());
    await meter.count(retired(START_MS + 1));
    await meter.count(retired(START_MS + 2, 2));
    await meter.count(retired(START_MS + 300_000));
    expect(noted.map(({ windowMs, use }) => [windowMs, use.version])).toEqual([
      [START_MS - (START_MS % 300_000), 1],
      [START_MS - (START_MS % 300_000), 2],
      [START_MS + 300_000 - (START_MS % 300_000), 1],
    ]);
    await meter.flushAll(START_MS);
    expect(added[0]?.count).toMatchObject({ requests: 4, reasons: { retired: 4 } });
  });

  it('is tried again by the next one where it cannot be noted, and no refusal fails of it', async () => {
    failure = new Error('ThrottlingException');
    await meter.count(retired());
    failure = undefined;
    await meter.count(retired());
    expect(noted).toHaveLength(1);
  });
});
