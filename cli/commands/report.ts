import { Option } from 'commander';
import { iso } from '../../lambdas/core/domain/iso-time.ts';
import { type SealedReport, sealReport } from '../../lambdas/core/domain/report/report-hash.ts';
import { badUsage, EXIT, type ExitCode } from '../exit.ts';
import { refuseTaken } from '../files/new-place.ts';
import type { Invocation } from '../invocation.ts';
import { words } from '../options/values.ts';
import { reportSummary } from '../output/render-report.ts';
import { gatherRecord, gatherStanding } from '../report/gather.ts';
import { gatherDigest } from '../report/gather-digest.ts';
import { REPORT_FORMATS, type ReportFormat, render } from '../report/render.ts';
import { reportPeriod } from '../report/report-period.ts';
import { writeFolder, writeWhole } from '../report/write-whole.ts';
import { VERSION } from '../version.ts';
import type { Register } from './register.ts';
import { registerReportCheck } from './report-check.ts';

interface ReportOptions {
  readonly from?: string;
  readonly to?: string;
  readonly format?: ReportFormat;
  readonly out?: string;
}

/** Standard output, as `--out`. */
const STDOUT = '-';

/** `keyturn report`: evidence of a period, from the record and the keys as they stand. */
export const registerReport: Register = (program, handle) => {
  const report = program
    .command('report')
    .description('Evidence of how keys were managed in a period, for people and for auditors')
    // `report check` takes options of its own.
    .enablePositionalOptions()
    .option('--from <time>', 'from then on: 2026-11-01, 2026-11-01T18:00Z, or P30D back from now', words)
    .option('--to <time>', 'until before then; a day is in until its end (default: now)', words)
    .addOption(
      new Option('--format <format>', 'html, json or csv (default: html; with --json: json)').choices([
        ...REPORT_FORMATS,
      ]),
    )
    .option('--out <path>', 'where to: a file, of csv a new folder, - for standard output', words)
    .action(handle(makeReport));
  registerReportCheck(report, handle);
};

async function makeReport(run: Invocation, options: ReportOptions): Promise<ExitCode> {
  const { context } = run;
  const period = reportPeriod(options, context.now());
  if (!period.ok) throw badUsage(period.message, period.hint);
  const format = options.format ?? (run.options.json ? 'json' : 'html');
  const out = options.out ?? defaultOut(run, format, period.value);
  refuseOut(run, format, out);
  if (out !== STDOUT) refuseTaken(out);
  const sealed = await gathered(run, period.value);
  const rendered = render(sealed, format);
  if (out === STDOUT && rendered.kind === 'text') {
    context.stdout.write(rendered.text);
    return EXIT.done;
  }
  if (rendered.kind === 'text') writeWhole(out, rendered.text);
  else writeFolder(out, rendered.files);
  const { from, to } = sealed.report.period;
  const written = { out, format, from, to, sha256: sealed.sha256, events: sealed.report.record.events.count };
  run.result(written, (paint) => reportSummary(sealed, written, paint));
  return EXIT.done;
}

async function gathered(
  run: Invocation,
  period: { readonly fromMs: number; readonly toMs: number },
): Promise<SealedReport> {
  const { context, options } = run;
  const { admin, target } = await run.connect();
  const caller = await context.reach(options).caller();
  const seen = context.stderr.isTTY === true && !options.json;
  const builder = await gatherRecord(admin, period, (events) => {
    if (seen) run.progress(`${events} events read …`);
  });
  const standing = await gatherStanding(admin, builder.keyIds(), context.now);
  const digest = await gatherDigest(admin, period.toMs);
  const made = {
    at: iso(context.now()),
    by: caller.arn,
    version: VERSION,
    stack: target.stackName,
    place: target.place,
  };
  return sealReport(builder.report(made, standing, digest));
}

/** A page or folder goes to a file named after its period; JSON is for whatever reads standard output. */
function defaultOut(
  run: Invocation,
  format: ReportFormat,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): string {
  const toFile = format === 'csv' || (format === 'html' && (run.options.json || run.context.stdout.isTTY));
  if (!toFile) return STDOUT;
  const name = `keyturn-report-${iso(fromMs).slice(0, 10)}-${iso(toMs - 1).slice(0, 10)}`;
  return format === 'csv' ? name : `${name}.html`;
}

function refuseOut({ options, context }: Invocation, format: ReportFormat, out: string): void {
  if (out !== STDOUT) return;
  if (format === 'csv') {
    throw badUsage(
      'CSV is a folder of tables, which standard output is not.',
      'Give --out and a new folder.',
    );
  }
  if (format === 'html' && (context.stdout.isTTY || options.json)) {
    throw badUsage(
      options.json ? 'With --json, standard output holds JSON.' : 'A page in HTML is nothing for a terminal.',
      'Give --out and a file, or choose --format json.',
    );
  }
}
