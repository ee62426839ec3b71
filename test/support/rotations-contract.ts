/** What every way to find rotations must do, whatever it is made of. The fake and the index both pass it. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { KeyRecord, Rotation } from '../../lambdas/core/domain/key-record.ts';
import type { KeyStore } from '../../lambdas/core/ports/key-store.ts';
import type { RotationQuery, Rotations } from '../../lambdas/core/ports/rotations.ts';
import { MINUTE_MS } from '../../rules/time-units.ts';
import { freshIds } from './fresh-ids.ts';
import { START_MS } from './manual-clock.ts';
import { sampleChange, sampleKey, sampleRotation } from './sample-records.ts';

export interface RotationParts {
  readonly store: KeyStore;
  readonly rotations: Rotations;
}

const freshId = freshIds('Rotating');

export function rotationsContract(name: string, makeParts: () => Promise<RotationParts>): void {
  describe(`${name} keep the contract of finding rotations`, () => {
    let parts: RotationParts;
    beforeAll(async () => {
      parts = await makeParts();
    });

    async function stored(): Promise<KeyRecord> {
      const { record, event } = sampleKey(freshId());
      expect(await parts.store.insert(record, event)).toBe('inserted');
      return record;
    }

    async function saved(before: KeyRecord, rotation: Rotation): Promise<KeyRecord> {
      expect(await parts.store.save(sampleChange(before, { rotation }))).toBe('saved');
      return (await parts.store.find(before.keyId)) as KeyRecord;
    }

    /** A key whose rotation runs since this minute. */
    const running = async (minute: number, rotationId = 'r-1') =>
      saved(await stored(), sampleRotation({ rotationId, startedAtMs: START_MS + minute * MINUTE_MS }));

    /** A key whose rotation ended in this minute. */
    async function ended(minute: number, status: 'completed' | 'failed' | 'rolled-back', rotationId = 'r-1') {
      const key = await running(minute - 1, rotationId);
      return saved(key, { ...(key.rotation as Rotation), status, endedAtMs: START_MS + minute * MINUTE_MS });
    }

    async function idsIn(query: RotationQuery): Promise<readonly string[]> {
      const ids: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = await parts.rotations.list({ ...query, ...(nextToken ? { nextToken } : {}) });
        if (page === 'bad-token') throw new Error('It does not know its own token.');
        expect(page.rotations.length).toBeLessThanOrEqual(query.limit);
        ids.push(...page.rotations.map(({ keyId }) => keyId));
        nextToken = page.nextToken ?? undefined;
      } while (nextToken !== undefined);
      return ids;
    }

    const only = (ids: readonly string[], keys: readonly KeyRecord[]) =>
      ids.filter((id) => keys.some(({ keyId }) => keyId === id));
    const idsOf = (keys: readonly KeyRecord[]) => keys.map(({ keyId }) => keyId);

    it.each([1, 2, 3, 100])(
      'lists running ones as they started, in pages of %i that miss and repeat nothing',
      async (limit) => {
        const keys: KeyRecord[] = [];
        for (const minute of [5, 1, 4, 2, 3]) keys.push(await running(minute));
        const inOrder = [1, 3, 4, 2, 0].map((index) => keys[index] as KeyRecord);

        expect(only(await idsIn({ groups: ['running'], limit }), keys)).toEqual(idsOf(inOrder));
      },
    );

    it('lists each group by itself, the last to end first, one after the other', async () => {
      const keys = {
        running: await running(9),
        completed: await ended(5, 'completed'),
        later: await ended(6, 'completed'),
        failed: await ended(7, 'failed'),
        rolledBack: await ended(8, 'rolled-back'),
      };
      const of = async (...groups: RotationQuery['groups'][number][]) =>
        only(await idsIn({ groups, limit: 2 }), Object.values(keys));
      const { running: runs, completed, later, failed, rolledBack } = keys;

      expect(await of('completed')).toEqual(idsOf([later, completed]));
      expect(await of('failed')).toEqual(idsOf([failed]));
      expect(await of('rolled-back')).toEqual(idsOf([rolledBack]));
      expect(await of('running', 'failed', 'completed')).toEqual(idsOf([runs, failed, later, completed]));
    });

    it('lists of those that have ended only what ended since a time', async () => {
      const keys = [await ended(20, 'failed'), await ended(30, 'failed'), await running(1)];
      const endedSinceMs = START_MS + 30 * MINUTE_MS;

      expect(only(await idsIn({ groups: ['running', 'failed'], endedSinceMs, limit: 3 }), keys)).toEqual(
        idsOf([keys[2] as KeyRecord, keys[1] as KeyRecord]),
      );
    });

    it('shows whose it is and how it stands now, and nothing of a key that has never rotated', async () => {
      const key = await running(40);
      const untouched = await stored();
      const rotation = sampleRotation({ ...key.rotation, status: 'dual-key', toVersion: 2 });
      await saved(key, rotation);

      const all = await parts.rotations.running();
      expect(all.filter(({ keyId }) => keyId === key.keyId)).toEqual([
        { keyId: key.keyId, owner: key.owner, rotation },
      ]);
      expect(all.map(({ keyId }) => keyId)).not.toContain(untouched.keyId);
    });

    it('loses a running one when it ends, and finds a key’s next one', async () => {
      const first = await ended(50, 'failed');
      const ofFirst = async () =>
        (await parts.rotations.running()).filter(({ keyId }) => keyId === first.keyId).length;
      expect(await ofFirst()).toBe(0);
      await saved(first, sampleRotation({ rotationId: 'r-2' }));

      expect(await ofFirst()).toBe(1);
    });

    it('finds what has ended since a time, however it ended', async () => {
      const keys = [await ended(70, 'completed'), await ended(71, 'failed'), await ended(72, 'rolled-back')];
      const since = async (minute: number) =>
        only(
          (await parts.rotations.endedSince(START_MS + minute * MINUTE_MS)).map(({ keyId }) => keyId),
          keys,
        );

      expect([...(await since(70))].sort()).toEqual(idsOf(keys).sort());
      expect([...(await since(71))].sort()).toEqual(idsOf(keys.slice(1)).sort());
      expect(await since(73)).toEqual([]);
    });

    it('has all that a key has ended, and not the one that runs', async () => {
      let key = await ended(60, 'completed', 'r-1');
      key = await saved(key, sampleRotation({ rotationId: 'r-2', status: 'failed', endedAtMs: START_MS }));
      await saved(key, sampleRotation({ rotationId: 'r-3' }));
      await ended(61, 'completed');

      const ids = (await parts.rotations.endedOf(key.keyId)).map(({ rotationId }) => rotationId);
      expect([...ids].sort()).toEqual(['r-1', 'r-2']);
      expect(await parts.rotations.endedOf(freshId())).toEqual([]);
    });

    it.each(['', 'nonsense', 'eyJncm91cCI6LTF9', 'bnVsbA', 'eyJncm91cCI6MSwiYWZ0ZXIiOiJ4In0'])(
      'answers a token that is not its own (%j) with bad-token',
      async (nextToken) => {
        expect(await parts.rotations.list({ groups: ['running', 'failed'], limit: 5, nextToken })).toBe(
          'bad-token',
        );
      },
    );
  });
}
