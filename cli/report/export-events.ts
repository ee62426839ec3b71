/** The events of a report's period out of an export of the audit, with no deployment at hand. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import { recordFrom } from '../../lambdas/core/domain/audit-proof/audit-record.ts';
import type { Period } from '../../lambdas/core/domain/report/report.ts';
import { ReportBuilder } from '../../lambdas/core/domain/report/report-builder.ts';
import { CliError, EXIT } from '../exit.ts';

/** An export goes chain by chain: the period's events are put into the order of time here, in memory. */
export async function recordFromExport(path: string, period: Period): Promise<ReportBuilder> {
  const events: AuditEvent[] = [];
  let first = true;
  for await (const line of linesOf(path)) {
    const record = recordFrom(parsed(line));
    if (first && record?.type !== 'header') throw noExport(path, 'its first line is no header');
    first = false;
    if (record?.type !== 'event') continue;
    const event = record.event as AuditEvent;
    if (event?.atMs >= period.fromMs && event.atMs < period.toMs) events.push(event);
  }
  if (first) throw noExport(path, 'it is empty or cannot be read');
  const builder = new ReportBuilder(period);
  for (const event of events.sort(byPlace)) builder.add(event);
  return builder;
}

async function* linesOf(path: string): AsyncIterable<string> {
  try {
    yield* createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
  } catch {
    throw noExport(path, 'it cannot be read');
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
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
