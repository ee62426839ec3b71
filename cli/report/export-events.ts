/** The events of a report's period out of an export of the audit, with no deployment at hand. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { AuditRecord, EventRecord } from '../../lambdas/core/domain/audit-proof/audit-record.ts';
import { followEvent } from '../../lambdas/core/domain/audit-proof/follow-event.ts';
import type { Period } from '../../lambdas/core/domain/report/report.ts';
import { ReportBuilder } from '../../lambdas/core/domain/report/report-builder.ts';
import { fileRecords } from '../audit/record-lines.ts';
import { CliError, EXIT } from '../exit.ts';

/** An export goes chain by chain: the period's events are put into the order of time here, in memory. */
export async function recordFromExport(path: string, period: Period): Promise<ReportBuilder> {
  const events: AuditEvent[] = [];
  let first = true;
  let number = 0;
  for await (const record of recordsOf(path)) {
    number += 1;
    if (first && record?.type !== 'header') throw noExport(path, 'its first line is no header');
    first = false;
    if (!record) throw noExport(path, `record ${number} cannot be read`);
    if (record.type !== 'event') continue;
    const { chain, event } = record as EventRecord & { readonly event: AuditEvent };
    if (!holdsItsHash(chain, event)) throw noExport(path, `record ${number} is no event as it was written`);
    if (event.atMs >= period.fromMs && event.atMs < period.toMs) events.push(event);
  }
  if (first) throw noExport(path, 'it is empty or cannot be read');
  const builder = new ReportBuilder(period);
  for (const event of events.sort(byPlace)) builder.add(event);
  return builder;
}

async function* recordsOf(path: string): AsyncIterable<AuditRecord | undefined> {
  try {
    yield* fileRecords(path);
  } catch {
    throw noExport(path, 'it cannot be read');
  }
}

/** By itself: whether it is in its chain, and under a digest, is for `keyturn audit verify` to say. */
function holdsItsHash(chain: string, event: AuditEvent): boolean {
  const sequence = Number(event?.sequence) - 1;
  const head = { sequence, hash: event?.previousHash };
  return followEvent(chain, head, event).outcome === 'follows';
}

const noExport = (path: string, why: string): CliError =>
  new CliError(
    'no-export',
    `'${path}' is no export of the audit: ${why}.`,
    'Write one with `keyturn audit export`.',
    {
      exitCode: EXIT.usage,
    },
  );

/** As the record is read: by time, then chain, then place in it. */
const byPlace = (one: AuditEvent, other: AuditEvent): number =>
  one.atMs - other.atMs ||
  (one.chain < other.chain ? -1 : one.chain > other.chain ? 1 : one.sequence - other.sequence);
