/** What came of making a report, and of checking one. */
import type { SealedReport } from '../../lambdas/core/domain/report/report-hash.ts';
import type { Finding } from '../report/check-report.ts';
import type { Paint } from './paint.ts';
import { block, table } from './table.ts';

export function reportSummary(
  { report, sha256 }: SealedReport,
  { out }: { readonly out: string },
  paint: Paint,
): string {
  const { record, standing } = report;
  const count = (of: 'completed' | 'failed') =>
    record.rotations.outcomes.reduce((total, row) => total + row[of], 0);
  const overdue = standing.policies.reduce((total, { standings }) => total + standings.overdue, 0);
  const facts = block(
    [
      ['report', out],
      ['period', `${report.period.from} to ${report.period.to}`],
      ['events', String(record.events.count)],
      ['rotations', `${count('completed')} completed, ${count('failed')} failed`],
      ['emergencies', String(record.emergencies.rows.length)],
      ['keys', `${standing.counts.total}, ${overdue} overdue`],
      ['digest', report.digest?.date ?? 'none signed up to the end of the period'],
      ['sha256', sha256],
    ],
    paint.dim,
  );
  return `${facts}\n\nCheck it: keyturn report check ${out}\n`;
}

const WORDS: Readonly<Record<Finding['verdict'], string>> = {
  matches: 'matches',
  differs: 'DIFFERS',
  'not-checked': 'not checked',
  'not-comparable': 'NOT COMPARED',
};

const NOT_COMPARED = 'Nothing that was checked differs, but what people read in it was not compared.';

export function checkTable(findings: readonly Finding[], ok: boolean, paint: Paint): string {
  const rows = table<Finding>(
    [
      { title: 'WHAT', value: ({ what }) => what },
      {
        title: 'VERDICT',
        value: ({ verdict }) => WORDS[verdict],
        paint: (cell, { verdict }) =>
          verdict === 'matches'
            ? paint.good(cell)
            : verdict !== 'not-checked'
              ? paint.bad(cell)
              : paint.dim(cell),
      },
    ],
    findings,
    paint.bold,
  );
  const details = findings.flatMap(({ what, detail }) => (detail === null ? [] : [`${what}: ${detail}`]));
  const differs = findings.some(({ verdict }) => verdict === 'differs');
  const end = ok
    ? paint.good('Nothing that was checked differs.')
    : paint.bad(differs ? 'This report is not what it was made as.' : NOT_COMPARED);
  return `${[rows, '', ...details, '', end].join('\n')}\n`;
}
