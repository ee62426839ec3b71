/** A report as tables, one a file, each with one kind of rows. */
import type { Count, Report } from '../../../lambdas/core/domain/report/report.ts';
import { type Cell, csvOf } from './csv.ts';

type Row = Readonly<Record<string, Cell>>;

/** @param columns named here, so that a table without rows has its heading */
const table = (columns: readonly string[], rows: readonly Row[]): string =>
  csvOf(
    columns,
    rows.map((row) => columns.map((column) => row[column] ?? null)),
  );

const words = (text: string): readonly string[] => text.split(' ');

/** The report whole, beside its tables: what they are made anew from when they are checked. */
export const DATA_FILE = 'report.json';

/** File names, and what is in them. */
export const csvTables = (report: Report, sha256: string): ReadonlyMap<string, string> =>
  new Map([
    ['report.csv', aboutTable(report, sha256)],
    ['rotations.csv', rotationTable(report)],
    ['rotation-figures.csv', figureTable(report)],
    ['migrations.csv', migrationTable(report)],
    ['emergencies.csv', emergencyTable(report)],
    ['keys.csv', table(words(KEY_COLUMNS), report.standing.keys as unknown as readonly Row[])],
    ['policies.csv', policyTable(report)],
    [
      'key-changes.csv',
      table(
        words('at keyId owner action by proven reason'),
        report.record.keys.rows as unknown as readonly Row[],
      ),
    ],
    ['deliveries.csv', deliveryTable(report)],
    [
      'security-events.csv',
      table(
        words('action chain owner count requests firstAt lastAt'),
        report.record.security as unknown as readonly Row[],
      ),
    ],
    ['actors.csv', actorTable(report)],
    ['controls.csv', controlTable(report)],
  ]);

const KEY_COLUMNS =
  'keyId owner name environment status policy rotateEverySeconds createdAt activeVersion activeSince ageSeconds rotatedAt dueAt exemptUntil exemptReason standing why';

function aboutTable(
  { format, period, made, record, standing, digest, limits }: Report,
  sha256: string,
): string {
  const { events } = record;
  const facts: readonly (readonly [string, Cell])[] = [
    ['format', format],
    ['from', period.from],
    ['to', period.to],
    ['madeAt', made.at],
    ['madeBy', made.by],
    ['keyturnVersion', made.version],
    ['stack', made.stack],
    ['place', made.place],
    ['reportSha256', sha256],
    ['events', events.count],
    ['chains', events.chains],
    ['eventsSha256', events.sha256],
    ['firstEventHash', events.first?.hash ?? null],
    ['lastEventHash', events.last?.hash ?? null],
    ['eventsMissing', events.missing],
    ['keysReadAt', standing.readTo],
    ['revocationBoundMs', standing.revocationBoundMs],
    ['digestDate', digest?.date ?? null],
    ['digestSha256', digest?.sha256 ?? null],
    ['digestSignature', digest?.signature ?? null],
    ['digestKeyFingerprint', digest?.keyFingerprint ?? null],
    ...limits.map((limit): readonly [string, Cell] => ['limit', limit]),
  ];
  return csvOf(['fact', 'value'], facts);
}

const rotationTable = ({ record }: Report): string =>
  table(
    words(
      'rotationId keyId owner purpose outcome fromVersion toVersion startedAt endedAt durationMs extensions holds evidence startedBy reason failure',
    ),
    record.rotations.rows as unknown as readonly Row[],
  );

function figureTable({ record: { rotations } }: Report): string {
  const spreads = new Map(rotations.durations.map(({ purpose, spread }) => [purpose, spread]));
  const rows = rotations.outcomes.map((row) => ({ ...row, ...spreads.get(row.purpose) }));
  const columns = 'purpose started completed rolledBack failed running meanMs medianMs p95Ms slowestMs';
  return table(words(columns), rows as unknown as readonly Row[]);
}

const migrationTable = ({ record }: Report): string =>
  table(
    words('rotationId keyId at oldRequests newRequests newShare'),
    record.rotations.rows.flatMap(({ rotationId, keyId, migration }) =>
      migration.map((point) => ({ rotationId, keyId, ...point })),
    ),
  );

function emergencyTable({ record, standing }: Report): string {
  const firsts = new Map(standing.firstRefusals.map((row) => [`${row.keyId}/${row.rotationId}`, row]));
  const rows = record.emergencies.rows.map((row) => ({
    ...row,
    firstRefusedRequestAt: firsts.get(`${row.keyId}/${row.rotationId}`)?.at ?? null,
    revocationBoundMs: standing.revocationBoundMs,
  }));
  const columns =
    'rotationId keyId owner reason oldVersion orderedAt refusedAt refused toRefusalMs firstRefusedRequestAt revocationBoundMs outcome';
  return table(words(columns), rows);
}

const policyTable = ({ standing }: Report): string =>
  table(
    words('policy rotateEverySeconds keys within due overdue exempt rotating unknownPolicy oldestSeconds'),
    standing.policies.map(({ standings: { 'unknown-policy': unknownPolicy, ...standings }, ...row }) => ({
      ...row,
      ...standings,
      unknownPolicy,
    })),
  );

const deliveryTable = ({ record, standing }: Report): string =>
  table(words('keyId owner version madeAt state receivedAt failedTries failure count'), [
    ...record.deliveries.received.map(({ of, count }) => ({ state: `received by ${of}`, count })),
    ...standing.receipts.map((row) => ({ ...row, count: 1 })),
  ]);

const listed = (counts: readonly Count[]): string =>
  counts.map(({ of, count }) => `${of} ${count}`).join('; ');

const actorTable = ({ record }: Report): string =>
  table(
    words('principal proven via events unsuccessful firstAt lastAt actions'),
    record.actors.map(({ actions, ...row }) => ({ ...row, actions: listed(actions) })),
  );

const controlTable = ({ controls }: Report): string =>
  table(
    words('framework control about evidence limit'),
    controls.map(({ evidence, ...row }) => ({ ...row, evidence: evidence.join(' ') })),
  );
