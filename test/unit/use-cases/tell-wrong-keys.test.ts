import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type AuditEvent, firstBrokenLink } from '../../../lambdas/core/domain/audit-event.ts';
import type { WrongKeyCount } from '../../../lambdas/core/domain/wrong-key.ts';
import { tellWrongKeys } from '../../../lambdas/core/use-cases/tell-wrong-keys.ts';
import { MemoryAuditChains } from '../../support/memory-audit-chains.ts';
import { MemoryWorld, WRONG_KEY_WINDOW_SECONDS } from '../../support/memory-world.ts';

const WINDOW_MS = WRONG_KEY_WINDOW_SECONDS * 1000;
const LAG_MS = 15_000;

let world: MemoryWorld;
let keyId: string;
let windowMs: number;

beforeEach(async () => {
  world = new MemoryWorld();
  keyId = (await world.issue()).keyId;
  const nowMs = world.clock.read();
  windowMs = nowMs - (nowMs % WINDOW_MS);
});

const tell = (windowSeconds = WRONG_KEY_WINDOW_SECONDS) =>
  tellWrongKeys(
    {
      ledger: world.wrongKeys,
      chains: new MemoryAuditChains(world.table),
      store: world.store,
      clock: world.clock.read,
    },
    windowSeconds,
  );
const count = (source: WrongKeyCount['source'], requests = 3): WrongKeyCount => ({
  source,
  requests,
  reasons: { 'wrong-secret': requests },
  firstAtMs: windowMs + 1,
  lastAtMs: windowMs + 2,
  callers: [{ address: '192.0.2.7', userAgent: 'agent/1.0', lastUsedAtMs: windowMs + 2 }],
});
const add = (source: WrongKeyCount['source'], requests?: number) =>
  world.wrongKeys.addWrong(windowMs, count(source, requests));
const addressed = (address: string) => ({ kind: 'address', address }) as const;
const ofKey = (): readonly AuditEvent[] =>
  (world.table.events.get(keyId) ?? []).filter(({ action }) => action === 'security.wrong-keys');
const ofSources = (): readonly AuditEvent[] => world.table.chains.get('wrong-keys') ?? [];
const moveMs = (ms: number) => world.clock.advanceSeconds(ms / 1000);
const toWindowsEnd = () => moveMs(windowMs + WINDOW_MS + LAG_MS - world.clock.read());

describe('tellWrongKeys', () => {
  it('puts one event for each key on its chain, and one for each address on theirs', async () => {
    await add({ kind: 'key', keyId });
    await add(addressed('192.0.2.7'), 5);
    toWindowsEnd();
    expect(await tell()).toEqual({ told: 2, requests: 8 });
    expect(ofKey()).toEqual([
      expect.objectContaining({
        outcome: 'refused',
        keyId,
        detail: expect.objectContaining({
          source: 'key',
          requests: 3,
          reasons: ['wrong-secret: 3'],
          addresses: ['192.0.2.7'],
          userAgents: ['agent/1.0'],
          windowFrom: new Date(windowMs).toISOString(),
          windowTo: new Date(windowMs + WINDOW_MS).toISOString(),
        }),
      }),
    ]);
    expect(ofSources()).toEqual([
      expect.objectContaining({
        chain: 'wrong-keys',
        origin: { address: '192.0.2.7', userAgent: 'agent/1.0' },
        detail: expect.objectContaining({ source: 'address', requests: 5 }),
      }),
    ]);
    expect(firstBrokenLink(world.table.events.get(keyId) ?? [])).toBeUndefined();
  });

  it('does so once, however often it is repeated, and at once', async () => {
    await add({ kind: 'key', keyId });
    await add(addressed('192.0.2.7'));
    await add(addressed('192.0.2.8'));
    toWindowsEnd();
    await Promise.all([tell(), tell(), tell()]);
    expect(await tell()).toEqual({ told: 0, requests: 0 });
    moveMs(60_000);
    await tell();
    expect(ofKey()).toHaveLength(1);
    expect(ofSources()).toHaveLength(2);
    expect(firstBrokenLink(ofSources())).toBeUndefined();
  });

  it('waits until the window is over and its last writes have come', async () => {
    await add({ kind: 'key', keyId });
    toWindowsEnd();
    moveMs(-1);
    expect(await tell()).toEqual({ told: 0, requests: 0 });
    moveMs(1);
    expect(await tell()).toEqual({ told: 1, requests: 3 });
  });

  it('makes up for windows of a minute too for an hour', async () => {
    await add({ kind: 'key', keyId });
    moveMs(windowMs + 60 * 60_000 - world.clock.read());
    expect(await tell(60)).toEqual({ told: 1, requests: 3 });
  });

  it.each([60, 300, 3600])(
    'makes up for a day without it, in windows of %i s, in order and once',
    async (seconds) => {
      await tell(seconds);
      const startMs = world.clock.read() - (world.clock.read() % (seconds * 1000));
      const windows = [0, 1, 2, Math.floor(43_200 / seconds), Math.floor(86_400 / seconds) - 1];
      for (const [index, at] of windows.entries()) {
        const fromMs = startMs + at * seconds * 1000;
        await world.wrongKeys.addWrong(fromMs, count({ kind: 'key', keyId }, index + 1));
        await world.wrongKeys.addWrong(fromMs, count(addressed('192.0.2.7'), index + 10));
      }
      moveMs(startMs + 86_400_000 + LAG_MS - world.clock.read());
      expect(await tell(seconds)).toEqual({ told: 10, requests: 15 + 60 });
      expect(await tell(seconds)).toEqual({ told: 0, requests: 0 });
      expect(ofKey().map(({ detail }) => detail['requests'])).toEqual([1, 2, 3, 4, 5]);
      expect(ofSources().map(({ detail }) => detail['requests'])).toEqual([10, 11, 12, 13, 14]);
      expect(firstBrokenLink(ofSources())).toBeUndefined();
    },
  );

  it('makes up for a day before its very first run too, and for nothing that may be gone in part', async () => {
    await add({ kind: 'key', keyId });
    moveMs(windowMs + 36 * 3_600_000 + LAG_MS - world.clock.read());
    await world.wrongKeys.addWrong(windowMs - WINDOW_MS, count({ kind: 'key', keyId }, 99));
    expect(await tell()).toEqual({ told: 1, requests: 3 });
    moveMs(WINDOW_MS);
    expect(Math.min(...world.wrongKeys.looked)).toBe(windowMs);
  });

  it('looks at the last hour alone once it has made up', async () => {
    await tell();
    moveMs(60_000);
    await tell();
    world.wrongKeys.looked.length = 0;
    await tell();
    expect(world.wrongKeys.looked).toHaveLength(12);
    expect(world.wrongKeys.looked).toEqual([...world.wrongKeys.looked].sort((one, other) => one - other));
  });

  it('tells 500 and what is left of their window in a run, and the others in the next ones', async () => {
    const sources = Array.from({ length: 20 }, (_, index) => addressed(`192.0.2.${index}`));
    for (let window = 0; window < 40; window += 1)
      for (const source of sources)
        await world.wrongKeys.addWrong(windowMs + window * WINDOW_MS, count(source));
    moveMs(windowMs + 40 * WINDOW_MS + LAG_MS - world.clock.read());
    expect((await tell()).told).toBe(500);
    expect((await tell()).told).toBe(300);
    expect((await tell()).told).toBe(0);
    expect(ofSources()).toHaveLength(800);
  });

  it('keeps one key that cannot be written from holding up all others, and tells it in order later', async () => {
    const broken = (await world.issue()).keyId;
    for (const [index, fromMs] of [windowMs, windowMs + WINDOW_MS].entries()) {
      await world.wrongKeys.addWrong(fromMs, count({ kind: 'key', keyId: broken }, index + 1));
      await world.wrongKeys.addWrong(fromMs, count({ kind: 'key', keyId }));
      await world.wrongKeys.addWrong(fromMs, count(addressed('192.0.2.7')));
    }
    moveMs(windowMs + 10 * 3_600_000 - world.clock.read());
    const find = world.store.find.bind(world.store);
    world.store.find = async (id) => {
      if (id === broken) throw new Error('ValidationException');
      return find(id);
    };
    await expect(tell()).rejects.toThrow('ValidationException');
    expect([ofKey(), ofSources()].map((events) => events.length)).toEqual([2, 2]);

    world.store.find = find;
    expect(await tell()).toEqual({ told: 2, requests: 3 });
    const told = (world.table.events.get(broken) ?? []).filter(
      ({ action }) => action === 'security.wrong-keys',
    );
    expect(told.map(({ detail }) => detail['requests'])).toEqual([1, 2]);
  });

  it('tells of no further addresses together while one of them could not be told', async () => {
    for (let index = 1; index <= 30; index += 1) await add(addressed(`192.0.2.${index}`), index);
    toWindowsEnd();
    const tellOne = world.wrongKeys.tell.bind(world.wrongKeys);
    world.wrongKeys.tell = async (window, source, event) => {
      if (source.kind === 'address' && source.address === '192.0.2.20') throw new Error('Throttled');
      return tellOne(window, source, event);
    };
    await expect(tell()).rejects.toThrow('Throttled');
    world.wrongKeys.tell = tellOne;
    await tell();
    const addresses = ofSources().map(({ origin }) => origin?.address);
    expect(new Set(addresses).size).toBe(ofSources().length);
    expect(ofSources().reduce((sum, { detail }) => sum + Number(detail['requests']), 0)).toBe(465);
  });

  it('makes up for windows that could not be told, the oldest first', async () => {
    await add({ kind: 'key', keyId });
    await world.wrongKeys.addWrong(windowMs + WINDOW_MS, count({ kind: 'key', keyId }, 4));
    toWindowsEnd();
    moveMs(WINDOW_MS);
    world.wrongKeys.failure = new Error('ThrottlingException');
    await expect(tell()).rejects.toThrow('ThrottlingException');
    world.wrongKeys.failure = undefined;
    await tell();
    expect(ofKey().map(({ detail }) => detail['requests'])).toEqual([3, 4]);
  });

  it('is kept by a key that cannot be written from telling neither of others nor of it, in order, the next time', async () => {
    const other = (await world.issue()).keyId;
    await add({ kind: 'key', keyId });
    await add({ kind: 'key', keyId: other });
    await add(addressed('192.0.2.7'));
    toWindowsEnd();
    const { save } = world.store;
    const broken = vi
      .spyOn(world.store, 'save')
      .mockImplementation((change) =>
        change.after.keyId === keyId
          ? Promise.reject(new Error('Too large.'))
          : save.call(world.store, change),
      );
    await expect(tell()).rejects.toThrow('Too large.');
    const kinds = (of: string) => world.table.events.get(of)?.map(({ action }) => action);
    expect(kinds(other)).toContain('security.wrong-keys');
    expect(ofSources()).toHaveLength(1);
    expect(ofKey()).toEqual([]);

    broken.mockRestore();
    expect(await tell()).toEqual({ told: 1, requests: 3 });
    expect(ofKey()).toHaveLength(1);
  });

  it('tells 21 sources of a window at most: the smaller ones are told together, with all their requests', async () => {
    for (let index = 1; index <= 100; index += 1) await add(addressed(`192.0.2.${index}`), index);
    await add({ kind: 'others' }, 7);
    toWindowsEnd();
    expect(await tell()).toEqual({ told: 21, requests: 5_057 });
    expect(ofSources().map(({ detail }) => detail['requests'])).toEqual([
      ...Array.from({ length: 20 }, (_, index) => 100 - index),
      (80 * 81) / 2 + 7,
    ]);
    expect(ofSources().at(-1)?.detail['source']).toBe('others');
    expect(await tell()).toEqual({ told: 0, requests: 0 });
  });

  it('passes over a key that is none any more', async () => {
    await add({ kind: 'key', keyId: 'Zz9yXx8wVv7u' });
    toWindowsEnd();
    expect(await tell()).toEqual({ told: 0, requests: 0 });
  });
});
