import type { Command } from 'commander';
import type { ReportBuilder } from '../../lambdas/core/domain/report/report-builder.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { words } from '../options/values.ts';
import { checkTable } from '../output/render-report.ts';
import { checkFile, checkRecord, type Finding, notChecked } from '../report/check-report.ts';
import { recordFromExport } from '../report/export-events.ts';
import { gatherRecord } from '../report/gather.ts';
import { checkDigest } from '../report/gather-digest.ts';
import { type ReadReport, readReport } from '../report/read-report.ts';
import { VERSION } from '../version.ts';
import type { Handle } from './register.ts';

interface CheckOptions {
  readonly export?: string;
  readonly offline: boolean;
}

/** `keyturn report check`: whether a report is as it was made, and as the record has it. */
export function registerReportCheck(report: Command, handle: Handle): void {
  report
    .command('check')
    .description('Check a report against itself and the record')
    .argument('<file>', 'the report, as HTML or JSON, or its folder of tables', words)
    .option(
      '--export <file>',
      'the record as `keyturn audit export` wrote it, instead of the deployment',
      words,
    )
    .option('--offline', 'against itself alone', false)
    .action(handle(check));
}

async function check(run: Invocation, file: string, options: CheckOptions): Promise<ExitCode> {
  const read = readReport(file);
  const findings = [...checkFile(read, VERSION), ...(await againstRecord(run, read, options)), standing()];
  const ok = findings.every(({ verdict }) => verdict === 'matches' || verdict === 'not-checked');
  run.result({ file, ok, findings }, (paint) => checkTable(findings, ok, paint));
  return ok ? EXIT.done : EXIT.failed;
}

async function againstRecord(
  run: Invocation,
  { report }: ReadReport,
  options: CheckOptions,
): Promise<readonly Finding[]> {
  if (options.offline && options.export === undefined) {
    return [notChecked('record', 'Not asked for: leave --offline out, or give --export.')];
  }
  const period = { fromMs: Date.parse(report.period.from), toMs: Date.parse(report.period.to) };
  if (options.export !== undefined) {
    const builder = await recordFromExport(options.export, period);
    return compared(report, learnedFrom(report, builder));
  }
  const { admin } = await run.connect();
  const builder = await gatherRecord(admin, period, () => {});
  return [...compared(report, builder), await checkDigest(admin, report)];
}

const compared = (report: ReadReport['report'], builder: ReportBuilder): readonly Finding[] =>
  checkRecord(report, builder.record());

/** What began before the period is not in its events: the report's own word for it is taken, and said to be. */
function learnedFrom({ record }: ReadReport['report'], builder: ReportBuilder): ReportBuilder {
  const rows = new Map(record.rotations.rows.map((row) => [`${row.keyId}/${row.rotationId}`, row]));
  for (const { keyId, rotationId } of builder.unknownStarts()) {
    const row = rows.get(`${keyId}/${rotationId}`);
    if (!row || row.startedAt === null || row.purpose === 'unknown' || row.fromVersion === null) continue;
    builder.learn(keyId, rotationId, {
      purpose: row.purpose,
      orderedAtMs: Date.parse(row.startedAt),
      fromVersion: row.fromVersion,
      startedBy: row.startedBy ?? '',
      ...(row.reason === null ? {} : { reason: row.reason }),
    });
  }
  return builder;
}

const standing = (): Finding =>
  notChecked(
    'keys as they stood',
    'Keys have moved on since: what they were then is in no event. The hash of the report covers them.',
  );
