/** Which version of a key a presented key is. */
import { PepperMissing } from './errors.ts';
import { hashKey, sameHash } from './key-hash.ts';
import type { KeyVersion } from './key-record.ts';

/**
 * Compares with every version, whichever matches first: the time taken says nothing.
 *
 * @param pepperOf the pepper of a version's hash. Where it throws for a version that may be accepted, so does this. A
 *   retired version whose pepper is gone is only not recognised any more
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
      const pepper = await pepperFor(version, pepperOf);
      if (!pepper) continue;
      hash = hashKey(keyText, pepper);
      hashes.set(version.pepperVersion, hash);
    }
    if (sameHash(hash, version.hash)) match = version;
  }
  return match;
}

async function pepperFor(
  version: KeyVersion,
  pepperOf: (pepperVersion: string) => Promise<Uint8Array>,
): Promise<Uint8Array | undefined> {
  try {
    return await pepperOf(version.pepperVersion);
  } catch (error) {
    if (version.status === 'retired' && error instanceof PepperMissing) return undefined;
    throw error;
  }
}
