/** Which version of a key a presented key is. */
import { hashKey, sameHash } from './key-hash.ts';
import type { KeyVersion } from './key-record.ts';

/**
 * Compares with every version, whichever matches first: the time taken says nothing.
 *
 * @param pepperOf the pepper of a version's hash. Where it throws, nothing can be said about any version: so does this
 */
export async function matchVersion(
  keyText: string,
  versions: readonly KeyVersion[],
  pepperOf: (pepperVersion: string) => Promise<Uint8Array>,
): Promise<KeyVersion | undefined> {
  const hashes = new Map<string, string>();
  let match: KeyVersion | undefined;
  for (const version of versions) {
    let hash = hashes.get(version.pepperVersion);
    if (hash === undefined) {
      hash = hashKey(keyText, await pepperOf(version.pepperVersion));
      hashes.set(version.pepperVersion, hash);
    }
    if (sameHash(hash, version.hash)) match = version;
  }
  return match;
}
