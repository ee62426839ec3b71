/** Base62 text: digits, then upper-case, then lower-case letters. */

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Largest multiple of 62 that fits a byte: bytes from here on are thrown away, or the first 8 letters would come up more often. */
const UNBIASED_LIMIT = 248;

/** Random bytes from a secure source: `count` of them. */
export type RandomBytes = (count: number) => Uint8Array;

/**
 * `length` characters, each of the 62 equally likely.
 *
 * @param length number of characters
 * @param randomBytes a cryptographically secure source
 */
export function randomBase62(length: number, randomBytes: RandomBytes): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length - text.length + 8)) {
      if (byte < UNBIASED_LIMIT && text.length < length) text += ALPHABET.charAt(byte % 62);
    }
  }
  return text;
}

/** An unsigned 32-bit number as exactly six base62 characters (62^6 > 2^32), zero-padded. */
export function base62OfUint32(value: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = ALPHABET.charAt(rest % 62) + text;
  return text.padStart(6, '0');
}
