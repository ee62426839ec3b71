/** What writer and reader of use counters must do together, whatever they are made of. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../lambdas/core/domain/caller.ts';
import type { KeyReader, UseIncrement, UseWriter } from '../../lambdas/core/ports/authorization.ts';
import type { KeyStore } from '../../lambdas/core/ports/key-store.ts';
import type { MinuteReader, UseStore } from '../../lambdas/core/ports/use-store.ts';
import { HOUR_MS, MINUTE_MS } from '../../rules/time-units.ts';
import { freshIds } from './fresh-ids.ts';
import { START_MS } from './manual-clock.ts';
import { sampleChange, sampleKey } from './sample-records.ts';

export interface UseParts {
  readonly store: KeyStore;
  readonly reader: KeyReader;
  readonly writer: UseWriter;
  readonly uses: UseStore;
  readonly minutes: MinuteReader;
}

const freshId = freshIds('Counting');

const caller = (number: number, changes: Partial<Caller> = {}): Caller => ({
  address: `203.0.113.${number}`,
  userAgent: 'client/1',
  requests: 1,
  lastUsedAtMs: START_MS + number,
  ...changes,
});

const increment = (keyId: string, changes: Partial<UseIncrement> = {}): UseIncrement => ({
  keyId,
  version: 1,
  hourMs: START_MS,
  requests: 3,
  deprecatingRequests: 0,
  minutes: {},
  lastUsedAtMs: START_MS + 10,
  callers: [],
  ...changes,
});

export function useStoreContract(name: string, makeParts: () => Promise<UseParts>): void {
  describe(`${name} keep the contract of use counters`, () => {
    let parts: UseParts;
    beforeAll(async () => {
      parts = await makeParts();
    });

    it('knows nothing of a key that was never used', async () => {
      expect((await parts.uses.totals(freshId(), 0)).size).toBe(0);
    });

    it('adds up what several environments wrote, by version', async () => {
      const keyId = freshId();
      await Promise.all([
        parts.writer.add(increment(keyId)),
        parts.writer.add(increment(keyId, { requests: 4, lastUsedAtMs: START_MS + 10 })),
        parts.writer.add(increment(keyId, { version: 2, requests: 1 })),
      ]);

      const totals = await parts.uses.totals(keyId, 0);
      expect(totals.get(1)).toEqual({
        requests: 7,
        deprecatingRequests: 0,
        lastUsedAtMs: START_MS + 10,
        callers: [],
      });
      expect(totals.get(2)?.requests).toBe(1);
    });

    it('counts uses of a deprecating version apart, with who made them, most recent first', async () => {
      const keyId = freshId();
      await parts.writer.add(increment(keyId, { requests: 5 }));
      await parts.writer.add(
        increment(keyId, {
          requests: 3,
          deprecatingRequests: 3,
          callers: [caller(1, { requests: 2 }), caller(2)],
        }),
      );
      await parts.writer.add(
        increment(keyId, {
          hourMs: START_MS + HOUR_MS,
          requests: 1,
          deprecatingRequests: 1,
          lastUsedAtMs: START_MS + HOUR_MS + 5,
          callers: [caller(1, { lastUsedAtMs: START_MS + HOUR_MS + 5 })],
        }),
      );

      expect((await parts.uses.totals(keyId, 0)).get(1)).toEqual({
        requests: 9,
        deprecatingRequests: 4,
        lastUsedAtMs: START_MS + HOUR_MS + 5,
        callers: [caller(1, { requests: 3, lastUsedAtMs: START_MS + HOUR_MS + 5 }), caller(2)],
      });
    });

    it('counts from the hour that is asked for on', async () => {
      const keyId = freshId();
      for (const hour of [0, 1, 2]) {
        await parts.writer.add(increment(keyId, { hourMs: START_MS + hour * HOUR_MS, requests: 10 ** hour }));
      }

      expect((await parts.uses.totals(keyId, START_MS + HOUR_MS)).get(1)?.requests).toBe(110);
      expect((await parts.uses.totals(keyId, START_MS + 2 * HOUR_MS - 1)).get(1)?.requests).toBe(110);
      expect((await parts.uses.totals(keyId, START_MS + 3 * HOUR_MS)).size).toBe(0);
    });

    it('gives the last minutes with requests, by version, oldest first, hours apart too', async () => {
      const keyId = freshId();
      await parts.writer.add(increment(keyId, { minutes: { 0: 1, 7: 2 } }));
      await parts.writer.add(increment(keyId, { minutes: { 7: 3 } }));
      await parts.writer.add(increment(keyId, { version: 2, minutes: { 7: 4 } }));
      await parts.writer.add(increment(keyId, { version: 0, minutes: { 9: 5 } }));
      await parts.writer.add(increment(keyId, { hourMs: START_MS + 2 * HOUR_MS, minutes: { 59: 6 } }));
      await parts.writer.add(increment(keyId, { hourMs: START_MS + 3 * HOUR_MS }));

      const since = async (sinceMs: number, most: number) =>
        (await parts.uses.lastMinutes(keyId, sinceMs, most)).map(({ minuteMs, requests }) => [
          (minuteMs - START_MS) / MINUTE_MS,
          Object.fromEntries(requests),
        ]);
      const all = [
        [0, { 1: 1 }],
        [7, { 1: 5, 2: 4 }],
        [9, { 0: 5 }],
        [179, { 1: 6 }],
      ];
      expect(await since(0, 15)).toEqual(all);
      expect(await since(0, 2)).toEqual(all.slice(-2));
      expect(await since(0, 3)).toEqual(all.slice(-3));
      expect(await since(START_MS + 7 * MINUTE_MS + 59_999, 15)).toEqual(all.slice(1));
      expect(await since(START_MS + 8 * MINUTE_MS, 15)).toEqual(all.slice(2));
      expect(await parts.uses.lastMinutes(freshId(), 0, 15)).toEqual([]);
    });

    it('gives one minute of a key, with the last use of each version in its hour', async () => {
      const keyId = freshId();
      await parts.writer.add(increment(keyId, { minutes: { 7: 2, 8: 1 } }));
      await parts.writer.add(
        increment(keyId, { version: 12, minutes: { 7: 4 }, lastUsedAtMs: START_MS + 99 }),
      );
      await parts.writer.add(increment(keyId, { version: 0, minutes: { 9: 5 } }));
      await parts.writer.add(increment(keyId, { hourMs: START_MS + HOUR_MS, minutes: { 7: 6 } }));

      const { requests, lastUsesMs } = await parts.minutes.minute(keyId, START_MS + 7 * MINUTE_MS);
      expect(Object.fromEntries(requests)).toEqual({ 0: 0, 1: 2, 12: 4 });
      expect(lastUsesMs.get(12)).toBe(START_MS + 99);
      const next = await parts.minutes.minute(keyId, START_MS + HOUR_MS + 7 * MINUTE_MS);
      expect(Object.fromEntries(next.requests)).toEqual({ 1: 6 });
      expect((await parts.minutes.minute(freshId(), START_MS)).requests.size).toBe(0);
    });

    it('bounds the callers it names, and still counts everybody and those it knows', async () => {
      const keyId = freshId();
      for (let batch = 0; batch < 7; batch += 1) {
        const callers = Array.from({ length: 8 }, (_, index) => caller(batch * 8 + index));
        await parts.writer.add(increment(keyId, { requests: 8, deprecatingRequests: 8, callers }));
      }
      const lastUsedAtMs = START_MS + 1_000;
      await parts.writer.add(
        increment(keyId, {
          requests: 1,
          deprecatingRequests: 1,
          lastUsedAtMs,
          callers: [caller(0, { lastUsedAtMs })],
        }),
      );

      const use = (await parts.uses.totals(keyId, 0)).get(1);
      expect(use).toMatchObject({ requests: 57, deprecatingRequests: 57 });
      expect(use?.callers).toHaveLength(20);
      // The 41st and later were never named; the first is, and its second use is known.
      expect(use?.callers[0]).toEqual(caller(0, { requests: 2, lastUsedAtMs }));
      expect(use?.callers[1]).toEqual(caller(39));
    });

    it('notes the first use ever of a version once, and shows it to the authorizer and the judgement', async () => {
      const { record, event } = sampleKey(freshId());
      await parts.store.insert(record, event);
      await parts.writer.noteFirstUse(record.keyId, 1, START_MS + 5);
      await parts.writer.noteFirstUse(record.keyId, 1, START_MS + 9);
      await parts.writer.noteFirstUse(record.keyId, 12, START_MS + 7);

      const firstUsesMs = { '1': START_MS + 5, '12': START_MS + 7 };
      expect((await parts.store.find(record.keyId))?.firstUsesMs).toEqual(firstUsesMs);
      expect((await parts.reader.read(record.keyId))?.firstUsesMs).toEqual(firstUsesMs);
    });

    it('notes the first refusal of a version once, and shows it to the authorizer and the operator', async () => {
      const { record, event } = sampleKey(freshId());
      await parts.store.insert(record, event);
      await parts.writer.noteFirstRefusal(record.keyId, 1, START_MS + 5);
      await parts.writer.noteFirstRefusal(record.keyId, 1, START_MS + 9);

      const firstRefusalsMs = { '1': START_MS + 5 };
      expect(await parts.store.find(record.keyId)).toMatchObject({ firstRefusalsMs, firstUsesMs: {} });
      expect(await parts.reader.read(record.keyId)).toMatchObject({ firstRefusalsMs, firstUsesMs: {} });
    });

    it('keeps what was noted while a change of the key was being made', async () => {
      const { record, event } = sampleKey(freshId());
      await parts.store.insert(record, event);
      await parts.writer.noteFirstUse(record.keyId, 1, START_MS + 5);
      await parts.writer.noteFirstRefusal(record.keyId, 1, START_MS + 6);

      expect(await parts.store.save(sampleChange(record, { status: 'disabled' }))).toBe('saved');
      expect(await parts.store.find(record.keyId)).toMatchObject({
        status: 'disabled',
        firstUsesMs: { '1': START_MS + 5 },
        firstRefusalsMs: { '1': START_MS + 6 },
      });
    });

    it('never makes a key by noting its first use or refusal', async () => {
      const keyId = freshId();
      await parts.writer.noteFirstUse(keyId, 1, START_MS);
      await parts.writer.noteFirstRefusal(keyId, 1, START_MS);

      expect(await parts.store.find(keyId)).toBeUndefined();
    });

    it('reads what authorizing needs of a key and nothing else', async () => {
      const { record, event } = sampleKey(freshId(), { allowedAddresses: ['203.0.113.0/24'] });
      await parts.store.insert(record, event);

      const { keyId, owner, environment, scopes, allowedAddresses, status, versions } = record;
      const { firstUsesMs, firstRefusalsMs } = record;
      expect(await parts.reader.read(keyId)).toEqual({
        keyId,
        owner,
        environment,
        scopes,
        allowedAddresses,
        status,
        versions,
        firstUsesMs,
        firstRefusalsMs,
      });
      expect(await parts.reader.read('NoSuchKey000')).toBeUndefined();
    });
  });
}
