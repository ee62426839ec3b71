/** A key as a report needs it: how it stands against its policy, no hash and no secret. */
import type {
  Delivery,
  Environment,
  KeyStatus,
  ReceivedBy,
  RotationPurpose,
  VersionStatus,
} from '../../../../rules/words.ts';
import { iso, isoOrNull } from '../iso-time.ts';
import type { KeyRecord, KeyVersion } from '../key-record.ts';

export interface ReportVersion {
  readonly version: number;
  readonly status: VersionStatus;
  /** Since when it is accepted; null before. */
  readonly activeSince: string | null;
  readonly receivedAt: string | null;
  readonly receivedBy: ReceivedBy | 'first-use' | null;
  /** The first request with it that was refused after it was retired, or past an emergency's bound. */
  readonly firstRefusedAt: string | null;
}

export interface ReportKey {
  readonly keyId: string;
  readonly owner: string;
  readonly name: string;
  readonly environment: Environment;
  readonly status: KeyStatus;
  readonly policy: string;
  readonly delivery: Delivery;
  readonly createdAt: string;
  readonly dueAt: string;
  readonly exemption: { readonly reason: string; readonly until: string } | null;
  readonly rotation: { readonly purpose: RotationPurpose; readonly startedAt: string } | null;
  /** As far as the key still knows them: of retired ones the last few. */
  readonly versions: readonly ReportVersion[];
}

export const reportKeyOf = (record: KeyRecord): ReportKey => ({
  keyId: record.keyId,
  owner: record.owner,
  name: record.name,
  environment: record.environment,
  status: record.status,
  policy: record.policy,
  delivery: record.delivery,
  createdAt: iso(record.createdAtMs),
  dueAt: iso(record.dueAtMs),
  exemption: record.exemption
    ? { reason: record.exemption.reason, until: iso(record.exemption.untilMs) }
    : null,
  rotation: record.rotation
    ? { purpose: record.rotation.purpose, startedAt: iso(record.rotation.startedAtMs) }
    : null,
  versions: record.versions.map((version) => versionOf(record, version)),
});

function versionOf({ firstUsesMs, firstRefusalsMs }: KeyRecord, version: KeyVersion): ReportVersion {
  const firstUseMs = firstUsesMs[String(version.version)];
  const { receivedAtMs, receivedBy = 'claim' } = version;
  const byUse = firstUseMs === undefined ? null : 'first-use';
  return {
    version: version.version,
    status: version.status,
    activeSince: isoOrNull(version.activatedAtMs),
    receivedAt: isoOrNull(receivedAtMs ?? firstUseMs),
    receivedBy: receivedAtMs === undefined ? byUse : receivedBy,
    firstRefusedAt: isoOrNull(firstRefusalsMs?.[String(version.version)]),
  };
}
