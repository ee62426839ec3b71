/** Rotations as operators look for them: of one key, or of all keys what needs to be seen first. */
import { DAY_MS } from '../../../rules/time-units.ts';
import type { RotationGroup } from '../../../rules/words.ts';
import { groupOf, type Rotation } from '../domain/key-record.ts';
import type { Clock } from '../ports/ambient.ts';
import type { KeyStore } from '../ports/key-store.ts';
import type { KeyRotation, RotationPage, Rotations } from '../ports/rotations.ts';

export interface ListRotationsDeps {
  readonly store: Pick<KeyStore, 'find'>;
  readonly rotations: Rotations;
  readonly clock: Clock;
}

export interface RotationsWanted {
  readonly keyId?: string;
  readonly group?: RotationGroup;
  readonly limit: number;
  readonly nextToken?: string;
}

/** Unless failed ones are asked for, those are listed that ended so lately: the sweep starts what is due anew each day. */
const FAILED_LATELY_MS = 7 * DAY_MS;

/** Any name that an execution may have. */
const TOKEN = /^after-(\d{1,15})-(\S{1,80})$/u;

/** Without a group: of one key all, of all keys those that run, the longest first, and those that failed lately. */
export function listRotations(
  deps: ListRotationsDeps,
  { keyId, group, ...page }: RotationsWanted,
): Promise<RotationPage | 'unknown-key' | 'bad-token'> {
  if (keyId !== undefined) return ofKey(deps, keyId, { ...(group ? { group } : {}), ...page });
  if (group !== undefined) return deps.rotations.list({ groups: [group], ...page });
  const endedSinceMs = deps.clock() - FAILED_LATELY_MS;
  return deps.rotations.list({ groups: ['running', 'failed'], endedSinceMs, ...page });
}

/** A key has few rotations, so all are read; the latest is the first. */
async function ofKey(
  deps: ListRotationsDeps,
  keyId: string,
  { group, limit, nextToken }: Omit<RotationsWanted, 'keyId'>,
): Promise<RotationPage | 'unknown-key' | 'bad-token'> {
  const after = nextToken === undefined ? undefined : TOKEN.exec(nextToken);
  if (after === null) return 'bad-token';
  // Before those that have ended: one that ends between the two reads is in both, never in none.
  const key = await deps.store.find(keyId);
  if (!key) return 'unknown-key';
  const byId = new Map<string, Rotation>();
  for (const each of [...(key.rotation ? [key.rotation] : []), ...(await deps.rotations.endedOf(keyId))]) {
    byId.set(each.rotationId, each);
  }
  const wanted = [...byId.values()]
    .filter((each) => group === undefined || group === groupOf(each))
    .sort(latestFirst)
    .filter(
      (each) =>
        !after || latestFirst({ startedAtMs: Number(after[1]), rotationId: String(after[2]) }, each) < 0,
    );
  const shown = wanted.slice(0, limit);
  const last = shown.at(-1);
  return {
    rotations: shown.map((rotation): KeyRotation => ({ keyId, owner: key.owner, rotation })),
    nextToken: last && wanted.length > limit ? `after-${last.startedAtMs}-${last.rotationId}` : null,
  };
}

type Started = Pick<Rotation, 'startedAtMs' | 'rotationId'>;

const latestFirst = (left: Started, right: Started): number =>
  right.startedAtMs - left.startedAtMs || (left.rotationId < right.rotationId ? -1 : 1);
