/** How the set of peppers changes as it rotates, and what may go. */
import { createHmac } from 'node:crypto';
import { type RandomBytes, randomBase62 } from './base62.ts';
import type { KeyRecord } from './key-record.ts';
import { isNewer } from './pepper-name.ts';
import type { PepperSet } from './peppers.ts';

/** How many versions that are or may be accepted were hashed under each pepper, by its name. */
export type PepperNeeds = Readonly<Record<string, number>>;

/** As many letters as the pepper that comes with a deployment: 381 bits. */
const LENGTH = 64;

export const newPepperSecret = (randomBytes: RandomBytes): Uint8Array =>
  Buffer.from(randomBase62(LENGTH, randomBytes), 'utf8');

/** Tells whether a pepper is still the one that was added. Says no more of it than the hash of a known key does. */
export const fingerprintOf = (secret: Uint8Array): string =>
  createHmac('sha256', secret).update('keyturn pepper').digest('hex').slice(0, 16);

export const withPepper = (set: PepperSet, name: string, secret: Uint8Array): PepperSet => ({
  ...set,
  secrets: new Map([...set.secrets, [name, secret]]),
});

export const withCurrent = (set: PepperSet, name: string): PepperSet => ({ ...set, current: name });

export const withoutPeppers = (set: PepperSet, names: readonly string[]): PepperSet => ({
  ...set,
  secrets: new Map([...set.secrets].filter(([name]) => !names.includes(name))),
});

/** Peppers made after the current one, newest first: on their way to become it. */
export const stagedPeppers = (set: PepperSet): readonly string[] =>
  [...set.secrets.keys()]
    .filter((name) => isNewer(name, set.current))
    .sort((one, other) => (isNewer(one, other) ? -1 : 1));

/** Whether a set is the one before it, pepper by pepper, with at most one more that is on its way to become the current one. */
export function succeeds(set: PepperSet, before: PepperSet): boolean {
  const added = [...set.secrets.keys()].filter((name) => !before.secrets.has(name));
  const kept = [...before.secrets].every(([name, secret]) => {
    const found = set.secrets.get(name);
    return found !== undefined && Buffer.compare(found, secret) === 0;
  });
  return (
    kept &&
    set.current === before.current &&
    added.length <= 1 &&
    added.every((name) => isNewer(name, set.current))
  );
}

/** Peppers that may go: none that a version needs, never the current one, and none that is on its way to become it. */
export const unneededPeppers = (set: PepperSet, needs: PepperNeeds): readonly string[] =>
  [...set.secrets.keys()].filter(
    (name) => name !== set.current && !isNewer(name, set.current) && !needs[name],
  );

/** Peppers that versions need and that are not there: what is hashed under them cannot be decided. */
export const missingPeppers = (set: PepperSet, needs: PepperNeeds): readonly string[] =>
  Object.keys(needs).filter((name) => !set.secrets.has(name));

/**
 * Adds the needs of these keys. A version that is retired, or whose key is revoked, is refused for good and needs
 * nothing; that of a disabled key may be accepted again.
 */
export function addNeeds(needs: PepperNeeds, records: readonly KeyRecord[]): PepperNeeds {
  const sum: Record<string, number> = { ...needs };
  for (const { status, versions } of records) {
    if (status === 'revoked') continue;
    for (const { pepperVersion, status: of } of versions) {
      if (of !== 'retired') sum[pepperVersion] = (sum[pepperVersion] ?? 0) + 1;
    }
  }
  return sum;
}
