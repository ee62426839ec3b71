/** What every sealer must do: open what was sealed, and refuse whatever was altered. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Plaintext } from '../../lambdas/core/domain/plaintext.ts';
import type { KeySealer, SealContext, SealedKey } from '../../lambdas/core/ports/key-sealer.ts';
import { START_MS } from './manual-clock.ts';

const CONTEXT: SealContext = { keyId: 'SealedKey001', version: 2, environment: 'live' };
const KEY = 'mk_live_SealedKey001_this-is-the-secret';

/** The same bytes with one bit of one of them turned over; a negative place counts from the end. */
function flipped(base64: string, place: number): string {
  const bytes = Buffer.from(base64, 'base64');
  const index = place < 0 ? bytes.length + place : place;
  bytes[index] = (bytes[index] as number) ^ 1;
  return bytes.toString('base64');
}

const ALTERED: readonly (readonly [string, (sealed: SealedKey) => SealedKey])[] = [
  ['initialization vector', (sealed) => ({ ...sealed, ciphertext: flipped(sealed.ciphertext, 0) })],
  ['ciphertext', (sealed) => ({ ...sealed, ciphertext: flipped(sealed.ciphertext, 12) })],
  ['tag', (sealed) => ({ ...sealed, ciphertext: flipped(sealed.ciphertext, -1) })],
  ['ciphertext, cut to nothing', (sealed) => ({ ...sealed, ciphertext: '' })],
  ['tag, cut short', (sealed) => ({ ...sealed, ciphertext: cut(sealed.ciphertext, 12) })],
  ['data key', (sealed) => ({ ...sealed, wrappedDataKey: flipped(sealed.wrappedDataKey, -1) })],
  ['key id', (sealed) => ({ ...sealed, keyId: 'SealedKey002' })],
  ['version', (sealed) => ({ ...sealed, version: 3 })],
  ['environment', (sealed) => ({ ...sealed, environment: 'test' })],
  ['expiry', (sealed) => ({ ...sealed, expiresAtMs: sealed.expiresAtMs + 1 })],
];

const cut = (base64: string, bytes: number): string => {
  const all = Buffer.from(base64, 'base64');
  return all.subarray(0, all.length - bytes).toString('base64');
};

export function keySealerContract(name: string, makeSealer: () => Promise<KeySealer>): void {
  describe(`${name} keeps the contract of a sealer`, () => {
    let sealer: KeySealer;
    let sealed: SealedKey;
    beforeAll(async () => {
      sealer = await makeSealer();
      sealed = await sealer.seal(new Plaintext(KEY), CONTEXT, START_MS);
    });

    it('opens what it sealed, and keeps ids and expiry beside it', async () => {
      expect((await sealer.open(sealed)).reveal()).toBe(KEY);
      expect(sealed).toMatchObject({ ...CONTEXT, expiresAtMs: START_MS });
    });

    it('shows nothing of the key, and never seals the same twice', async () => {
      const again = await sealer.seal(new Plaintext(KEY), CONTEXT, START_MS);

      expect(Buffer.from(sealed.ciphertext, 'base64').includes('secret')).toBe(false);
      expect(again.ciphertext).not.toBe(sealed.ciphertext);
      expect(again.wrappedDataKey).not.toBe(sealed.wrappedDataKey);
    });

    it.each(ALTERED)('refuses an altered %s, without a word of the key', async (_what, alter) => {
      const error: unknown = await sealer.open(alter(sealed)).catch((reason: unknown) => reason);

      expect(error).toMatchObject({ name: 'SealBroken' });
      expect(String(error)).not.toContain(KEY);
    });

    it('refuses the data key of another sealed key', async () => {
      const other = await sealer.seal(new Plaintext(KEY), CONTEXT, START_MS);

      await expect(sealer.open({ ...sealed, wrappedDataKey: other.wrappedDataKey })).rejects.toMatchObject({
        name: 'SealBroken',
      });
    });
  });
}
