/** Which version of a key a claim link was made for. */
import { sameHash } from '../domain/key-hash.ts';
import type { KeyRecord, KeyVersion } from '../domain/key-record.ts';
import { tokenHash } from './offer-link.ts';

/** No token's: what is compared with where there is nothing to compare with. */
const NOBODYS = 'A'.repeat(tokenHash('').length);

export const isLinkOf = ({ offer }: KeyVersion, token: string): boolean =>
  sameHash(tokenHash(token), offer?.link?.tokenHash ?? NOBODYS);

/**
 * Also a version that was taken by its link, as long as the key's record has it: until it is retired and five others
 * after it. Compares with every version, whichever matches first, and once without any.
 */
export function versionOfLink(record: KeyRecord | undefined, token: string): KeyVersion | undefined {
  const presented = tokenHash(token);
  let match: KeyVersion | undefined;
  sameHash(presented, NOBODYS);
  for (const version of record?.versions ?? []) {
    if (sameHash(presented, version.offer?.link?.tokenHash ?? NOBODYS)) match = version;
  }
  return match;
}
