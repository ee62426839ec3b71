/** What is known of a migration: the use in a window, and whether the new version was received. */
import { HOUR_MS } from '../../../rules/time-units.ts';
import { mostRecentCallers } from '../domain/caller.ts';
import type { MigrationFacts } from '../domain/judge-migration.ts';
import {
  type KeyRecord,
  type KeyVersion,
  type Rotation,
  type UseCounts,
  versionOf,
  type WindowBase,
  wasReceived,
} from '../domain/key-record.ts';
import type { Straggler } from '../domain/notice.ts';
import type { UseStore, VersionUse } from '../ports/use-store.ts';

/** Counts are written within a flush interval, minutes at most: an hour back finds every late one. */
const LATE_COUNTS_MS = HOUR_MS;

type Versions = Pick<Rotation, 'fromVersion' | 'toVersion'>;
type Totals = ReadonlyMap<number, VersionUse>;

/** Uses of both versions by these totals: of the old one only those made while it was deprecating. */
const usesOf = (totals: Totals, { fromVersion, toVersion }: Versions): UseCounts => ({
  oldRequests: totals.get(fromVersion)?.deprecatingRequests ?? 0,
  newRequests: totals.get(toVersion as number)?.requests ?? 0,
});

/** The base of a window that starts now. */
export async function windowBaseAt(
  uses: UseStore,
  keyId: string,
  versions: Versions,
  nowMs: number,
): Promise<WindowBase> {
  const sinceMs = nowMs - LATE_COUNTS_MS;
  return { sinceMs, ...usesOf(await uses.totals(keyId, sinceMs), versions) };
}

/**
 * The use in the window so far: what the rotation's `show` and its judgement both read.
 *
 * @param totals since the `sinceMs` of the window's base
 */
export function windowUse(totals: Totals, rotation: Versions & Pick<Rotation, 'windowBase'>): UseCounts {
  const { oldRequests, newRequests } = usesOf(totals, rotation);
  return {
    oldRequests: Math.max(0, oldRequests - rotation.windowBase.oldRequests),
    newRequests: Math.max(0, newRequests - rotation.windowBase.newRequests),
  };
}

/** Who used the old version since then, those with the latest use first. */
export const stragglersIn = (
  totals: Totals,
  { fromVersion }: Versions,
  sinceMs: number,
): readonly Straggler[] =>
  mostRecentCallers(totals.get(fromVersion)?.callers ?? []).filter(
    ({ lastUsedAtMs }) => lastUsedAtMs >= sinceMs,
  );

const newVersionOf = (record: KeyRecord, { toVersion }: Rotation): KeyVersion =>
  versionOf(record, toVersion) as KeyVersion;

/** When the window under judgement began. A rotation that carries on from a failed one is younger than its new version. */
export const windowStartMs = (record: KeyRecord, rotation: Rotation): number =>
  rotation.verdict?.judgedAtMs ??
  Math.max(newVersionOf(record, rotation).activatedAtMs as number, rotation.startedAtMs);

export function factsOf(
  record: KeyRecord,
  rotation: Rotation,
  window: UseCounts,
  startedAtMs: number,
): MigrationFacts {
  const fresh = newVersionOf(record, rotation);
  const firstUseMs = record.firstUsesMs[String(fresh.version)];
  return {
    window,
    newFirstUsedInWindow: firstUseMs !== undefined && firstUseMs >= startedAtMs,
    newReceived: wasReceived(record, fresh),
    purpose: rotation.purpose,
    extensions: rotation.extensions,
    terms: rotation.terms,
  };
}
