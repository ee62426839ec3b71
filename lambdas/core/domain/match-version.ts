/** Which version of a key a presented key is. */
import { hashKey, sameHash } from './key-hash.ts';
import type { KeyVersion } from './key-record.ts';

/** A presented key under one pepper, or why that pepper cannot be had. */
type Hashed = { readonly hash: string } | { readonly failure: unknown };

/**
 * Compares with every version, whichever matches first: the time taken says nothing.
 *
 * @param pepperOf the pepper of a version's hash. Where it throws, another version may still match. Where none does,
 *   nothing can be said of a version that may be accepted, and its failure is thrown; a retired version whose pepper is
 *   gone is only not recognised any more
 */
export async function matchVersion(
  keyText: string,
  versions: readonly KeyVersion[],
  pepperOf: (pepperVersion: string) => Promise<Uint8Array>,
): Promise<KeyVersion | undefined> {
  const names = [...new Set(versions.map(({ pepperVersion }) => pepperVersion))];
  // All at once: those that are not in memory come by one and the same read.
  const hashed = await Promise.all(names.map((name) => hashUnder(keyText, pepperOf(name))));
  let match: KeyVersion | undefined;
  let undecided: { readonly failure: unknown } | undefined;
  for (const version of versions) {
    const under = hashed[names.indexOf(version.pepperVersion)] as Hashed;
    if ('hash' in under) {
      if (sameHash(under.hash, version.hash)) match = version;
    } else if (version.status !== 'retired') undecided ??= under;
  }
  if (!match && undecided) throw undecided.failure;
  return match;
}

const hashUnder = (keyText: string, pepper: Promise<Uint8Array>): Promise<Hashed> =>
  pepper.then(
    (secret) => ({ hash: hashKey(keyText, secret) }),
    (failure: unknown) => ({ failure }),
  );
