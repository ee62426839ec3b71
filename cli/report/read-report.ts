/** A report as it lies in a file: whatever it says of itself. */
import { readFileSync } from 'node:fs';
import { REPORT_FORMAT, type Report } from '../../lambdas/core/domain/report/report.ts';
import type { SealedReport } from '../../lambdas/core/domain/report/report-hash.ts';
import { CliError, EXIT } from '../exit.ts';
import { DATA_ID } from './html/page.ts';

export interface ReadReport extends SealedReport {
  /** The page as it is, where the file is one. */
  readonly page: string | null;
}

const OPENS = `<script type="application/json" id="${DATA_ID}">`;
const CLOSES = '</script>';

/** @throws CliError where the file is no report of this format */
export function readReport(path: string): ReadReport {
  const text = textIn(path);
  const isPage = text.trimStart().startsWith('<');
  const sealed = parsed(isPage ? dataIn(text) : text) as Partial<SealedReport> | undefined;
  if (
    sealed?.report?.format !== REPORT_FORMAT ||
    typeof sealed.sha256 !== 'string' ||
    !isWhole(sealed.report)
  ) {
    throw new CliError(
      'no-report',
      `'${path}' is no report that this command has made.`,
      `Give a file that \`keyturn report\` wrote as HTML or JSON (${REPORT_FORMAT}).`,
      { exitCode: EXIT.usage },
    );
  }
  return { report: sealed.report, sha256: sealed.sha256, page: isPage ? text : null };
}

/** What a check looks at. */
const isWhole = ({ period, record, standing, made }: Partial<Report>): boolean =>
  !Number.isNaN(Date.parse(period?.from ?? '')) &&
  !Number.isNaN(Date.parse(period?.to ?? '')) &&
  [record, standing, made].every((part) => typeof part === 'object' && part !== null);

function textIn(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CliError('no-report', `'${path}' cannot be read.`, 'Give the path of a report.', {
      exitCode: EXIT.usage,
      cause,
    });
  }
}

function dataIn(page: string): string {
  const from = page.lastIndexOf(OPENS) + OPENS.length;
  return page.slice(from, page.indexOf(CLOSES, from));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
