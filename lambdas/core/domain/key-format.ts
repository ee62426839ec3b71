/**
 * The shape of an API key: `<prefix>_<environment>_<keyId>_<secret><checksum>`.
 *
 * Underscores only, so that a double click selects the whole key; the checksum stops typing errors
 * before any read and makes secret scanners certain, it is no security.
 */

import type { Environment } from '../../../rules/words.ts';
import { base62OfUint32, type RandomBytes, randomBase62 } from './base62.ts';
import { crc32 } from './crc32.ts';

export const KEY_ID_LENGTH = 12;
/** 62^43 > 2^256. */
export const SECRET_LENGTH = 43;
export const CHECKSUM_LENGTH = 6;

const KEY_ID = /^[0-9A-Za-z]{12}$/;
const KEY = /^([a-z0-9]{2,8})_(live|test)_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;
/** Nothing longer can be a key: refused before a pattern sees it. */
const LONGEST = 8 + 1 + 4 + 1 + KEY_ID_LENGTH + 1 + SECRET_LENGTH + CHECKSUM_LENGTH;

export interface ParsedKey {
  readonly prefix: string;
  readonly environment: Environment;
  readonly keyId: string;
}

export type KeyParse =
  | { readonly ok: true; readonly key: ParsedKey }
  | { readonly ok: false; readonly reason: 'shape' | 'checksum' };

export const isKeyId = (text: unknown): text is string => typeof text === 'string' && KEY_ID.test(text);

/** A fresh public key id: 12 base62 characters. */
export const newKeyId = (randomBytes: RandomBytes): string => randomBase62(KEY_ID_LENGTH, randomBytes);

/** A whole new key for this id. The result is plaintext: wrap it in `Plaintext` at once. */
export function newKeyText(
  parts: { readonly prefix: string; readonly environment: Environment; readonly keyId: string },
  randomBytes: RandomBytes,
): string {
  const secret = randomBase62(SECRET_LENGTH, randomBytes);
  const body = `${parts.prefix}_${parts.environment}_${parts.keyId}_${secret}`;
  return body + base62OfUint32(crc32(body));
}

/** Reads a presented key without looking anything up. Never throws, whatever the text. */
export function parseKey(text: string): KeyParse {
  if (text.length > LONGEST) return { ok: false, reason: 'shape' };
  const match = KEY.exec(text);
  if (!match) return { ok: false, reason: 'shape' };
  const body = text.slice(0, -CHECKSUM_LENGTH);
  if (base62OfUint32(crc32(body)) !== match[5]) return { ok: false, reason: 'checksum' };
  return {
    ok: true,
    key: {
      prefix: match[1] as string,
      environment: match[2] as Environment,
      keyId: match[3] as string,
    },
  };
}
