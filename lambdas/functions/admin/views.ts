/** Keys and rotations as operators see them: no hash, no sealed key, times in ISO 8601 UTC. */
import { iso, isoOrNull } from '../../core/domain/iso-time.ts';
import { newShare } from '../../core/domain/judge-migration.ts';
import {
  activeVersion,
  type KeyRecord,
  type KeyVersion,
  type Rotation,
  type UseCounts,
} from '../../core/domain/key-record.ts';
import { activityOf, REFUSED, sharesOf } from '../../core/domain/rotation-activity.ts';
import { stuckSinceMs } from '../../core/domain/stuck-rotation.ts';
import type { KeyRotation } from '../../core/ports/rotations.ts';
import type { MinuteUse, VersionUse } from '../../core/ports/use-store.ts';
import { windowUse } from '../../core/use-cases/migration-facts.ts';
import type { DeliveryView, KeySummary, KeyView, VersionView } from './contract.ts';
import type {
  MigrationView,
  MinuteView,
  RotationSummary,
  RotationView,
  StragglerView,
} from './rotation-contract.ts';

export type Totals = ReadonlyMap<number, VersionUse>;

/** The use of a key that a running rotation is about; of an ended one only the verdict counts. */
export interface Measured {
  /** Since the rotation's `windowBase.sinceMs`. */
  readonly totals: Totals;
  readonly minutes: readonly MinuteUse[];
}

/** What is so of a key from the beginning. */
export const factsOfKey = (record: KeyRecord) => ({
  owner: record.owner,
  name: record.name,
  environment: record.environment,
  scopes: record.scopes,
  policy: record.policy,
  delivery: record.delivery,
  createdAt: iso(record.createdAtMs),
});

const commonView = (record: KeyRecord) => ({
  keyId: record.keyId,
  status: record.status,
  ...factsOfKey(record),
  dueAt: iso(record.dueAtMs),
  exemptUntil: isoOrNull(record.exemption?.untilMs),
});

export const summaryOf = (record: KeyRecord): KeySummary => ({
  ...commonView(record),
  activeVersion: activeVersion(record)?.version ?? null,
  rotating: record.rotation !== undefined,
});

export const viewOf = (
  record: KeyRecord,
  totals: Totals,
  measured: Measured,
  seen: Pick<KeyView, 'claimable' | 'waitsUntil' | 'lost' | 'place' | 'mail' | 'notices'>,
  nowMs: number,
): KeyView => ({
  ...commonView(record),
  recipients: record.recipients ?? [],
  allowedAddresses: record.allowedAddresses,
  purpose: record.purpose ?? null,
  versions: record.versions.map((version) => versionView(version, totals, record.firstUsesMs)),
  rotation: record.rotation ? rotationView(record, record.rotation, measured, nowMs) : null,
  ...seen,
});

function versionView(
  version: KeyVersion,
  totals: Totals,
  firstUsesMs: KeyRecord['firstUsesMs'],
): VersionView {
  const use = totals.get(version.version);
  return {
    version: version.version,
    status: version.status,
    createdAt: iso(version.createdAtMs),
    expiresAt: isoOrNull(version.expiresAtMs),
    lastUsedAt: isoOrNull(use?.lastUsedAtMs ?? firstUsesMs[String(version.version)]),
    requests: use?.requests ?? 0,
    delivery: deliveryView(version, firstUsesMs[String(version.version)]),
  };
}

/** First use counts as received too: whoever uses it has it. */
export function deliveryView(version: KeyVersion, firstUseMs?: number): DeliveryView {
  const { offer, receivedAtMs, receivedBy } = version;
  const received = receivedAtMs ?? firstUseMs;
  const out = offer?.failure === undefined ? offer : undefined;
  return {
    by: offer?.by ?? null,
    offeredAt: isoOrNull(out?.atMs),
    linkExpiresAt: isoOrNull(received === undefined ? out?.link?.expiresAtMs : undefined),
    failure: offer?.failure ?? null,
    receivedAt: isoOrNull(received),
    receivedBy:
      receivedAtMs === undefined ? (received === undefined ? null : 'first-use') : (receivedBy ?? 'claim'),
    disputedAt: isoOrNull(version.claimDisputedAtMs),
  };
}

export const rotationSummary = ({ keyId, owner, rotation }: KeyRotation, nowMs: number): RotationSummary => ({
  keyId,
  owner,
  ...standingOf(rotation, nowMs),
});

const standingOf = (rotation: Rotation, nowMs: number): Omit<RotationSummary, 'keyId' | 'owner'> => ({
  rotationId: rotation.rotationId,
  purpose: rotation.purpose,
  status: rotation.status,
  fromVersion: rotation.fromVersion,
  toVersion: rotation.toVersion ?? null,
  startedAt: iso(rotation.startedAtMs),
  gracePeriodEndsAt: isoOrNull(rotation.gracePeriodEndsAtMs),
  extensions: rotation.extensions,
  evidence: rotation.verdict?.evidence ?? null,
  undelivered: rotation.verdict?.undelivered ?? null,
  held: rotation.status === 'dual-key' && rotation.verdict?.decision === 'hold',
  endedAt: isoOrNull(rotation.endedAtMs),
  failure: rotation.failure ?? null,
  stuckSince: isoOrNull(stuckSinceMs(rotation, nowMs)),
});

/** @param record the key, as it stands now */
export function rotationView(
  record: Pick<KeyRecord, 'firstRefusalsMs'>,
  rotation: Rotation,
  { totals, minutes }: Measured,
  nowMs: number,
): RotationView {
  return {
    ...standingOf(rotation, nowMs),
    remindedAt: isoOrNull(rotation.remindedAtMs),
    nextReminderAt: isoOrNull(rotation.endedAtMs === undefined ? rotation.reminders?.[0]?.atMs : undefined),
    executionArn: rotation.executionArn ?? null,
    reason: rotation.reason ?? null,
    initiatedBy: rotation.initiatedBy,
    migration: migrationOf(rotation, totals),
    stragglers: stragglersOf(rotation, totals),
    minutes: minutes.map((minute) => minuteView(minute, rotation)),
    refusedAfterMs: refusedAfterMs(rotation),
    firstRefusalAfterMs: firstRefusalAfterMs(record, rotation),
  };
}

/** An emergency ends with the write that refuses the old version: at once, or when its grace period is over. */
function refusedAfterMs({ purpose, status, startedAtMs, endedAtMs }: Rotation): number | null {
  const refused = purpose === 'emergency' && status === 'completed' && endedAtMs !== undefined;
  return refused ? endedAtMs - startedAtMs : null;
}

/** Of the version that the emergency replaced. One refused before it (its bound passed, then rolled back) is not this one's. */
function firstRefusalAfterMs(
  { firstRefusalsMs }: Pick<KeyRecord, 'firstRefusalsMs'>,
  { purpose, fromVersion, startedAtMs }: Rotation,
): number | null {
  const refusedAtMs = firstRefusalsMs?.[String(fromVersion)];
  const isOfThis = purpose === 'emergency' && refusedAtMs !== undefined && refusedAtMs >= startedAtMs;
  return isOfThis ? refusedAtMs - startedAtMs : null;
}

function minuteView({ minuteMs, requests }: MinuteUse, rotation: Rotation): MinuteView {
  const activity = activityOf(requests, rotation);
  return { minute: iso(minuteMs), ...activity, ...sharesOf(activity) };
}

/** Only a deprecating version's callers are counted by name. */
function stragglersOf({ status, fromVersion }: Rotation, recent: Totals): readonly StragglerView[] {
  if (status !== 'dual-key') return [];
  return (recent.get(fromVersion)?.callers ?? []).map(({ lastUsedAtMs, ...caller }) => ({
    ...caller,
    lastUsedAt: iso(lastUsedAtMs),
  }));
}

function migrationOf(rotation: Rotation, totals: Totals): MigrationView | null {
  const window = windowOf(rotation, totals);
  if (!window) return null;
  return {
    oldRequests: window.oldRequests,
    newRequests: window.newRequests,
    newShare: newShare(window),
    threshold: rotation.terms.migrationThreshold,
    ...beside(rotation, totals, window),
  };
}

/** What is measured beside the migration while the rotation runs. */
function beside(rotation: Rotation, totals: Totals, window: UseCounts) {
  if (rotation.endedAtMs !== undefined) {
    return { oldLastUsedAt: null, newLastUsedAt: null, refusedRequests: null, refusedShare: null };
  }
  const refusedRequests = totals.get(REFUSED)?.requests ?? 0;
  return {
    oldLastUsedAt: isoOrNull(totals.get(rotation.fromVersion)?.lastUsedAtMs),
    newLastUsedAt: isoOrNull(totals.get(rotation.toVersion as number)?.lastUsedAtMs),
    refusedRequests,
    refusedShare: sharesOf({ ...window, refusedRequests }).refusedShare,
  };
}

/** While it runs: what is measured now. Once judged for the last time: what it was judged on. */
function windowOf(rotation: Rotation, totals: Totals): UseCounts | undefined {
  if (rotation.status === 'dual-key' && rotation.verdict?.decision !== 'retire') {
    return windowUse(totals, rotation);
  }
  return rotation.verdict;
}
