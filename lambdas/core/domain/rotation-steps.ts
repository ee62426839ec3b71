/**
 * The steps of a rotation as pure changes of a key's record. Each function makes the next record from the last;
 * whether it may be called is decided by the use case, that it holds once by the store's revision.
 */
import { openWindow, type WindowStart } from './checkpoints.ts';
import type { KeyRecord, KeyVersion, Rotation, Verdict, WindowBase } from './key-record.ts';
import { versionOf } from './key-record.ts';

/** Retired versions kept in the record, so that their use is recognised for what it is. */
const RETIRED_KEPT = 5;

/**
 * Only those that were retired last stay: by time, since clients may have used version 1 while six others came to
 * nothing. The newest stays whatever a clock says: the next one's number follows from it.
 */
function withoutLongRetired(versions: readonly KeyVersion[]): readonly KeyVersion[] {
  const newest = Math.max(...versions.map(({ version }) => version));
  const lastedUntil = ({ version, retiredAtMs = 0 }: KeyVersion) =>
    version === newest ? Infinity : retiredAtMs;
  const retired = versions
    .filter((version) => version.status === 'retired')
    .sort((one, other) => lastedUntil(one) - lastedUntil(other));
  const dropped = new Set(retired.slice(0, Math.max(0, retired.length - RETIRED_KEPT)));
  return versions.filter((version) => !dropped.has(version));
}

/** The key's versions with this one in the place of the one of its number. */
export const replaceVersion = (record: KeyRecord, changed: KeyVersion): readonly KeyVersion[] =>
  record.versions.map((version) => (version.version === changed.version ? changed : version));

/** Of a version that does not deprecate any more. */
const withoutEnd = ({ expiresAtMs: _announced, refuseAfterMs: _bound, ...rest }: KeyVersion): KeyVersion =>
  rest;

const retired = (version: KeyVersion, nowMs: number): KeyVersion => ({
  ...withoutEnd(version),
  status: 'retired',
  retiredAtMs: nowMs,
});

/**
 * A rotation that failed after the dual-key write left both versions accepted: this one starts there, with a grace
 * period of its own, and judges those two.
 */
export function resumed(
  record: KeyRecord,
  rotation: Rotation,
  old: KeyVersion,
  start: { readonly nowMs: number; readonly windowBase: WindowBase },
): KeyRecord {
  const running: Rotation = {
    ...rotation,
    status: 'dual-key',
    fromVersion: old.version,
    toVersion: rotation.fromVersion,
  };
  return inWindow(record, running, { ...start, endsAtMs: start.nowMs + rotation.graceSeconds * 1000 });
}

/** A window opens, and the announced end of the old version is its end. */
function inWindow(record: KeyRecord, rotation: Rotation, start: WindowStart): KeyRecord {
  const old = versionOf(record, rotation.fromVersion) as KeyVersion;
  return {
    ...record,
    versions: replaceVersion(record, { ...old, expiresAtMs: start.endsAtMs }),
    rotation: openWindow(rotation, start),
  };
}

/** The pending version stands in the record: known, not accepted. */
export const generated = (record: KeyRecord, rotation: Rotation, version: KeyVersion): KeyRecord => ({
  ...record,
  versions: [...record.versions, version],
  rotation: { ...rotation, status: 'verifying', toVersion: version.version },
});

/**
 * The dual-key write: the pending version is accepted, and the version that clients use deprecates or is refused at
 * once. Any other accepted version (left by a rotation that failed, or never received) is retired, or three would be.
 */
export function activated(
  record: KeyRecord,
  rotation: Rotation,
  { nowMs, windowBase }: { readonly nowMs: number; readonly windowBase: WindowBase },
): KeyRecord {
  const endsAtMs = nowMs + rotation.graceSeconds * 1000;
  const versions = record.versions.map((version): KeyVersion => {
    if (version.version === rotation.toVersion) return { ...version, status: 'active', activatedAtMs: nowMs };
    if (version.status === 'retired') return version;
    if (version.version !== rotation.fromVersion || rotation.immediate) return retired(version, nowMs);
    const deprecating: KeyVersion = { ...version, status: 'deprecating', expiresAtMs: endsAtMs };
    return rotation.purpose === 'emergency' ? { ...deprecating, refuseAfterMs: endsAtMs } : deprecating;
  });
  const running: Rotation = {
    ...openWindow(rotation, { nowMs, endsAtMs, windowBase }),
    status: 'dual-key',
  };
  const changed: KeyRecord = {
    ...record,
    versions: withoutLongRetired(versions),
    rotation: running,
    dueAtMs: nowMs + rotation.terms.rotateEverySeconds * 1000,
  };
  return rotation.immediate ? completed(changed, running, nowMs) : changed;
}

/** The judgement is on record; an extension moves the announced end of the old version. */
export function judged(
  record: KeyRecord,
  rotation: Rotation,
  verdict: Verdict,
  next: WindowStart,
): KeyRecord {
  if (verdict.decision === 'retire') return { ...record, rotation: { ...rotation, verdict } };
  const extensions = rotation.extensions + (verdict.decision === 'extend' ? 1 : 0);
  const after: Rotation = { ...rotation, verdict, extensions };
  return inWindow(record, after, { ...next, held: verdict.decision === 'hold' });
}

/** The window starts anew without a judgement: what was not used in it says nothing. */
export const postponed = (record: KeyRecord, rotation: Rotation, next: WindowStart): KeyRecord =>
  inWindow(record, rotation, next);

/** The old version is refused from this write on, and the rotation is over. */
export function oldRetired(record: KeyRecord, rotation: Rotation, nowMs: number): KeyRecord {
  const old = versionOf(record, rotation.fromVersion) as KeyVersion;
  const changed = {
    ...record,
    versions: withoutLongRetired(replaceVersion(record, retired(old, nowMs))),
  };
  return completed(changed, rotation, nowMs);
}

const completed = (record: KeyRecord, rotation: Rotation, nowMs: number): KeyRecord => ({
  ...record,
  rotation: { ...rotation, status: 'completed', endedAtMs: nowMs },
});

/**
 * The rotation failed. A version that was never accepted is dropped; one that is accepted stays accepted beside
 * the old one, and the next rotation carries on from there.
 */
export function failed(record: KeyRecord, rotation: Rotation, failure: string, nowMs: number): KeyRecord {
  return {
    ...record,
    versions: withoutLongRetired(
      record.versions.map((version) => (version.status === 'pending' ? retired(version, nowMs) : version)),
    ),
    rotation: { ...rotation, status: 'failed', endedAtMs: nowMs, failure },
  };
}

/**
 * Back to the old version: it is the active one again, and the new one is refused, accepted or not. The one change by
 * which the status of a version moves back.
 */
export function rolledBack(record: KeyRecord, nowMs: number): KeyRecord {
  const old = record.versions.find(({ status }) => status === 'deprecating');
  const versions = record.versions.map((version): KeyVersion => {
    if (version === old) return { ...withoutEnd(version), status: 'active' };
    const isNew = version.status === 'pending' || (old !== undefined && version.status === 'active');
    return isNew ? retired(version, nowMs) : version;
  });
  const { rotation } = record;
  return {
    ...record,
    versions: withoutLongRetired(versions),
    ...(rotation ? { rotation: { ...rotation, status: 'rolled-back', endedAtMs: nowMs } } : {}),
  };
}
