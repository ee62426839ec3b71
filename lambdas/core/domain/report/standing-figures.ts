/** How the keys stood when the report was made, beside what the period's events say of them. */
import { iso } from '../iso-time.ts';
import { keyRowOf, policyRowsOf, type RotateEvery } from './policy-standing.ts';
import type {
  EmergencyRow,
  FirstRefusalRow,
  OpenDelivery,
  ReceiptRow,
  RecordFigures,
  StandingFigures,
} from './report.ts';
import type { ReportKey } from './report-key.ts';

/** The keys, and under what terms they are kept. */
export interface Standing {
  readonly keys: readonly ReportKey[];
  readonly rotateEvery: RotateEvery;
  readonly revocationBoundMs: number;
  readonly readFromMs: number;
  readonly readToMs: number;
}

export function standingFigures(standing: Standing, record: RecordFigures): StandingFigures {
  const byId = new Map(standing.keys.map((key) => [key.keyId, key]));
  const rows = [...byId.values()]
    .sort((one, other) => (one.keyId < other.keyId ? -1 : 1))
    .map((key) => keyRowOf(key, standing.rotateEvery, standing.readToMs));
  const count = (status: ReportKey['status']) => rows.filter((row) => row.status === status).length;
  return {
    readFrom: iso(standing.readFromMs),
    readTo: iso(standing.readToMs),
    revocationBoundMs: standing.revocationBoundMs,
    counts: {
      total: rows.length,
      enabled: count('enabled'),
      disabled: count('disabled'),
      revoked: count('revoked'),
    },
    policies: policyRowsOf(rows),
    keys: rows,
    receipts: record.deliveries.open.map((open) => receiptOf(open, byId.get(open.keyId))),
    firstRefusals: record.emergencies.rows.flatMap((row) => firstRefusalOf(row, byId.get(row.keyId))),
  };
}

function receiptOf(open: OpenDelivery, key: ReportKey | undefined): ReceiptRow {
  const version = key?.versions.find((each) => each.version === open.version);
  if (!version) return { ...open, state: 'not-known', receivedAt: null };
  const { receivedAt, receivedBy, status } = version;
  if (receivedAt !== null) {
    return { ...open, state: receivedBy === 'first-use' ? 'used' : 'received-since', receivedAt };
  }
  return { ...open, state: status === 'retired' ? 'retired-unreceived' : 'not-received', receivedAt: null };
}

/** A refusal from before the order is not this emergency's. */
function firstRefusalOf(row: EmergencyRow, key: ReportKey | undefined): readonly FirstRefusalRow[] {
  const at = key?.versions.find(({ version }) => version === row.oldVersion)?.firstRefusedAt ?? null;
  if (at === null || row.orderedAt === null || at < row.orderedAt) return [];
  const { rotationId, keyId } = row;
  const afterOrderMs = Date.parse(at) - Date.parse(row.orderedAt);
  const afterRefusalMs = row.refusedAt === null ? null : Date.parse(at) - Date.parse(row.refusedAt);
  return [{ rotationId, keyId, at, afterOrderMs, afterRefusalMs }];
}
