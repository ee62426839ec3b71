import { describe, expect, it } from 'vitest';
import { base62OfUint32, randomBase62 } from '../../../lambdas/core/domain/base62.ts';
import { secureRandomBytes, seededRandomBytes } from '../../support/random-bytes.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Gives these bytes, over and over, in pieces of whatever size is asked for. */
function repeating(bytes: readonly number[]): (count: number) => Uint8Array {
  let at = 0;
  return (count) =>
    Uint8Array.from({ length: count }, () => {
      const byte = bytes[at % bytes.length] as number;
      at += 1;
      return byte;
    });
}

describe('randomBase62', () => {
  it('has no modulo bias: of all 256 bytes each letter comes from exactly four, and eight are thrown away', () => {
    const everyByte = Array.from({ length: 256 }, (_, byte) => byte);

    const text = randomBase62(248, repeating(everyByte));

    const counts = [...ALPHABET].map((letter) => text.split(letter).length - 1);
    expect(counts).toEqual(Array.from({ length: 62 }, () => 4));
  });

  it.each([
    [0, '0'],
    [61, 'z'],
    [62, '0'],
    [247, 'z'],
  ])('writes byte %i as %s', (byte, letter) => {
    expect(randomBase62(1, repeating([byte]))).toBe(letter);
  });

  it.each([248, 249, 255])('throws byte %i away and takes the next', (byte) => {
    expect(randomBase62(2, repeating([byte, 1, byte, byte, 2]))).toBe('12');
  });

  it.each([0, 1, 12, 43])('asks for more bytes until all %i characters are there', (length) => {
    const mostlyUnusable = repeating([...Array.from({ length: 40 }, () => 255), 5]);

    expect(randomBase62(length, mostlyUnusable)).toBe('5'.repeat(length));
  });

  it('spreads a secure source evenly over the alphabet (chi-square)', () => {
    const drawn = 62_000;
    const text = randomBase62(drawn, secureRandomBytes);

    const chiSquare = [...ALPHABET]
      .map((letter) => (text.split(letter).length - 1 - drawn / 62) ** 2 / (drawn / 62))
      .reduce((sum, part) => sum + part, 0);
    // 61 degrees of freedom: beyond 140 once in more than ten million runs.
    expect(chiSquare).toBeLessThan(140);
  });

  it('comes out anew from a source that goes on', () => {
    const source = seededRandomBytes('goes on');

    expect(randomBase62(43, source)).not.toBe(randomBase62(43, source));
  });
});

describe('base62OfUint32', () => {
  it.each([
    [0, '000000'],
    [1, '000001'],
    [61, '00000z'],
    [62, '000010'],
    [62 ** 5 - 1, '0zzzzz'],
    [62 ** 5, '100000'],
    [0xffffffff, '4gfFC3'],
  ])('writes %i as the six characters %s', (value, text) => {
    expect(base62OfUint32(value)).toBe(text);
  });
});
