/** Keys that only look like one that was issued. */
import { base62OfUint32 } from '../../lambdas/core/domain/base62.ts';
import { crc32 } from '../../lambdas/core/domain/crc32.ts';
import { newKeyText } from '../../lambdas/core/domain/key-format.ts';
import { secureRandomBytes } from './random-bytes.ts';

/** Another secret for the same id: well formed, never issued. */
export const forged = (keyId: string): string =>
  newKeyText({ prefix: 'mk', environment: 'live', keyId }, secureRandomBytes);

/** The same key said to be for another environment or prefix, with the checksum that fits. */
export function relabelled(key: string, from: string, to: string): string {
  const body = key.slice(0, -6).replace(from, to);
  return body + base62OfUint32(crc32(body));
}
