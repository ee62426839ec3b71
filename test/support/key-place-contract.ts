/** What every place must do where a client reads its key, whatever it is made of. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Destination } from '../../lambdas/core/domain/key-record.ts';
import { Plaintext } from '../../lambdas/core/domain/plaintext.ts';
import type { KeyPlace, PlacedVersion } from '../../lambdas/core/ports/key-place.ts';
import { freshIds } from './fresh-ids.ts';
import { START_MS } from './manual-clock.ts';

export interface PlaceUnderTest {
  readonly place: KeyPlace;
  destination(keyId: string): Destination;
  /** The key that its client reads now. */
  read(keyId: string): Promise<string | undefined>;
  /** How often something was written for this key. */
  writes(keyId: string): Promise<number>;
}

const freshId = freshIds('Placed');
const keyText = (keyId: string, version: number): string => `mk_live_${keyId}_secret-of-${version}`;

export const placedVersion = (keyId: string, version: number): PlacedVersion => ({
  keyId,
  version,
  key: new Plaintext(keyText(keyId, version)),
  ...(version === 1 ? {} : { previousExpiresAtMs: START_MS }),
});

export function keyPlaceContract(name: string, make: () => Promise<PlaceUnderTest>): void {
  describe(`${name} keeps the contract of a place`, () => {
    let under: PlaceUnderTest;
    beforeAll(async () => {
      under = await make();
    });

    /** A key with these versions put, one after the other. */
    async function placed(...versions: readonly number[]) {
      const keyId = freshId();
      const at = under.destination(keyId);
      const put = (version: number) => under.place.put(at, placedVersion(keyId, version));
      for (const version of versions) await put(version);
      return { keyId, at, put, read: () => under.read(keyId), writes: () => under.writes(keyId) };
    }

    it('has no trouble where it can be written to', async () => {
      const { at } = await placed();
      expect(await under.place.trouble(at)).toBeUndefined();
    });

    it('gives the version that was put last', async () => {
      const { keyId, put, read } = await placed();
      expect(await read()).toBeUndefined();
      await put(1);
      expect(await read()).toBe(keyText(keyId, 1));
      await put(2);
      expect(await read()).toBe(keyText(keyId, 2));
    });

    it('is changed by a repeated put no more than by one', async () => {
      const { keyId, put, read, writes } = await placed(1, 2);
      const before = await writes();
      await put(2);
      await put(2);
      expect(await read()).toBe(keyText(keyId, 2));
      expect(await writes()).toBe(before);
    });

    it('is written once by many that put the same version at once', async () => {
      const { keyId, put, read, writes } = await placed(1);
      const before = await writes();
      await Promise.all([put(2), put(2), put(2), put(2)]);
      expect(await read()).toBe(keyText(keyId, 2));
      expect(await writes()).toBe(before + 1);
    });

    it('gives an earlier version again when its rotation was taken back, and a later one after it', async () => {
      const { keyId, at, put, read } = await placed(1, 2);
      await under.place.restore(at, keyId, 1);
      expect(await read()).toBe(keyText(keyId, 1));
      await under.place.restore(at, keyId, 1);
      expect(await read()).toBe(keyText(keyId, 1));
      await put(3);
      expect(await read()).toBe(keyText(keyId, 3));
      await under.place.restore(at, keyId, 1);
      expect(await read()).toBe(keyText(keyId, 1));
    });

    it('stays as it is when the version to go back to was never there', async () => {
      const { keyId, at, read } = await placed(2);
      // Some say so.
      await under.place.restore(at, keyId, 1).catch(() => undefined);
      expect(await read()).toBe(keyText(keyId, 2));
    });

    it('gives nothing any more once it was emptied, and can be emptied again, or before it held anything', async () => {
      const { keyId, at, read } = await placed(1, 2);
      const other = await placed(1);
      await under.place.remove(at, keyId);
      expect(await read()).toBeUndefined();
      await under.place.remove(at, keyId);
      await under.place.restore(at, keyId, 1);
      expect(await read()).toBeUndefined();
      expect(await other.read()).toBe(keyText(other.keyId, 1));
      const never = await placed();
      await expect(under.place.remove(never.at, never.keyId)).resolves.toBeUndefined();
    });
  });
}
