/** Keys at rest: HMAC-SHA-256 under a pepper. A fast keyed hash is right for secrets of 256 random bits. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export const hashKey = (keyText: string, pepper: Uint8Array): string =>
  createHmac('sha256', pepper).update(keyText, 'latin1').digest('base64url');

/** Constant time in the content of both. */
export function sameHash(left: string, right: string): boolean {
  const a = Buffer.from(left, 'latin1');
  const b = Buffer.from(right, 'latin1');
  return a.length === b.length && timingSafeEqual(a, b);
}
