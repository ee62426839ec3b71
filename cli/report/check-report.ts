/** Whether a report is what it was made as, and what the record says. */
import canonicalize from 'canonicalize';
import { controlRows } from '../../lambdas/core/domain/report/controls.ts';
import { limitsOf } from '../../lambdas/core/domain/report/limits.ts';
import { policyRowsOf } from '../../lambdas/core/domain/report/policy-standing.ts';
import type { RecordFigures, Report } from '../../lambdas/core/domain/report/report.ts';
import { hashOfReport } from '../../lambdas/core/domain/report/report-hash.ts';
import { csvTables, DATA_FILE } from './csv/tables.ts';
import { firstDifference } from './first-difference.ts';
import { reportPage } from './html/page.ts';
import type { ReadReport } from './read-report.ts';

export interface Finding {
  readonly what: string;
  /** `not-comparable`: another version worded it, so that what people read in it cannot be made anew. */
  readonly verdict: 'matches' | 'differs' | 'not-checked' | 'not-comparable';
  /** Where it differs, or why it was not checked. */
  readonly detail: string | null;
}

const SECTIONS = [
  'events',
  'rotations',
  'emergencies',
  'extensions',
  'keys',
  'deliveries',
  'security',
  'actors',
] as const satisfies readonly (keyof RecordFigures)[];

const same = (what: string, ours: unknown, theirs: unknown): Finding => {
  const differs = canonicalize(ours) !== canonicalize(theirs);
  return {
    what,
    verdict: differs ? 'differs' : 'matches',
    detail: differs ? firstDifference(ours, theirs) : null,
  };
};

/** @param version of this command: another one may make other words of the same figures */
export function checkFile(read: ReadReport, version: string): readonly Finding[] {
  const { report, sha256 } = read;
  const hash = hashOfReport(report);
  const own: Finding = {
    what: 'hash of the report',
    verdict: hash === sha256 ? 'matches' : 'differs',
    detail: hash === sha256 ? null : `The file says ${sha256}, its data has ${hash}.`,
  };
  const found = [own, fieldsOf(read)];
  if (report.made.version !== version) return [...found, ofAnotherVersion(read)];
  return [...found, ...wordsOf(read)];
}

const MOST_NAMED = 5;

/** What stands beside a report's own fields no figure is compared with. */
function fieldsOf({ strange, twice }: ReadReport): Finding {
  const named = strange.slice(0, MOST_NAMED).join(', ');
  const more = strange.length > MOST_NAMED ? ` and ${strange.length - MOST_NAMED} more` : '';
  const details = [
    ...(strange.length > 0 ? [`No report has these: ${named}${more}.`] : []),
    ...(twice === null
      ? []
      : [`Near '${twice}' a field stands twice, or a value is written in another way.`]),
  ];
  return { what: 'fields', ...(details.length > 0 ? differing(details.join(' ')) : MATCHES) };
}

const ofAnotherVersion = ({ report, page, tables }: ReadReport): Finding => ({
  what: page !== null ? 'page and sentences' : tables ? 'tables and sentences' : 'sentences',
  verdict: 'not-comparable',
  detail: `Keyturn ${report.made.version} made it, and may have worded it otherwise. Check it with that version.`,
});

/** Everything that follows from the figures: made again, it must be the same. */
function wordsOf({ report, sha256, page, tables }: ReadReport): readonly Finding[] {
  const found = [
    same('sentences on controls', controlRows(report.record, report.standing), report.controls),
    same('stated limits', limitsOf(report.record, report.standing, report.digest), report.limits),
    same('policies, from their keys', policyRowsOf(report.standing.keys), report.standing.policies),
  ];
  if (tables) return [...found, tablesOf(csvTables(report, sha256), tables)];
  if (page === null) return found;
  const again = reportPage({ report, sha256 });
  return [...found, { what: 'page', ...(again === page ? MATCHES : differing(whereOf(again, page))) }];
}

function tablesOf(ours: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>): Finding {
  const details = [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((name) => {
    const [made, read] = [ours.get(name), theirs.get(name)];
    if (name === DATA_FILE || made === read) return [];
    if (made === undefined) return [`${name} is no table of a report.`];
    return [read === undefined ? `${name} is missing.` : `${name}: ${whereOf(made, read)}`];
  });
  return { what: 'tables', ...(details.length > 0 ? differing(details.join(' ')) : MATCHES) };
}

const MATCHES = { verdict: 'matches', detail: null } as const;
const differing = (detail: string) => ({ verdict: 'differs', detail }) as const;

function whereOf(ours: string, theirs: string): string {
  const [lines, others] = [ours.split('\n'), theirs.split('\n')];
  const at = lines.findIndex((line, index) => line !== others[index]);
  return `Line ${(at < 0 ? lines.length : at) + 1} is not what its data makes.`;
}

/** @param record made again from the events of the same period */
export const checkRecord = (report: Report, record: RecordFigures): readonly Finding[] =>
  SECTIONS.map((section) => same(`record: ${section}`, record[section], report.record[section]));

export const notChecked = (what: string, why: string): Finding => ({
  what,
  verdict: 'not-checked',
  detail: why,
});
