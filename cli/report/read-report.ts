/** A report as it lies in a file: whatever it says of itself. */
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { REPORT_FORMAT, type Report } from '../../lambdas/core/domain/report/report.ts';
import type { SealedReport } from '../../lambdas/core/domain/report/report-hash.ts';
import { CliError, EXIT } from '../exit.ts';
import { DATA_FILE } from './csv/tables.ts';
import { DATA_ID } from './html/page.ts';
import { strangeFields } from './report-shape.ts';

export interface ReadReport extends SealedReport {
  /** The page as it is, where the file is one. */
  readonly page: string | null;
  /** By their names, where it is a folder of them. */
  readonly tables: ReadonlyMap<string, string> | null;
  /** Fields that no report has, by their paths. */
  readonly strange: readonly string[];
  /** The field near which its data is not what its values alone would be written as. */
  readonly twice: string | null;
}

const OPENS = `<script type="application/json" id="${DATA_ID}">`;
const CLOSES = '</script>';

/** @throws CliError where the file is no report of this format */
export function readReport(path: string): ReadReport {
  const tables = filesIn(path);
  const text = tables ? (tables.get(DATA_FILE) ?? '') : textIn(path);
  const isPage = text.trimStart().startsWith('<');
  const data = isPage ? dataIn(text) : text;
  const sealed = parsed(data) as Partial<SealedReport> | undefined;
  if (
    sealed?.report?.format !== REPORT_FORMAT ||
    typeof sealed.sha256 !== 'string' ||
    !isWhole(sealed.report)
  ) {
    throw new CliError(
      'no-report',
      `'${path}' is no report that this command has made.`,
      `Give a file that \`keyturn report\` wrote as HTML or JSON, or its folder of tables (${REPORT_FORMAT}).`,
      { exitCode: EXIT.usage },
    );
  }
  return {
    report: sealed.report,
    sha256: sealed.sha256,
    page: isPage ? text : null,
    tables,
    strange: strangeFields(sealed),
    twice: notOnce(data, sealed),
  };
}

/** What a check looks at. */
const isWhole = ({ period, record, standing, made }: Partial<Report>): boolean =>
  !Number.isNaN(Date.parse(period?.from ?? '')) &&
  !Number.isNaN(Date.parse(period?.to ?? '')) &&
  [record, standing, made].every((part) => typeof part === 'object' && part !== null);

/** Null of what is no folder with a report's data. Of what else lies there no more than the tables is read. */
function filesIn(path: string): ReadonlyMap<string, string> | null {
  const there = (place: string) => statSync(place, { throwIfNoEntry: false });
  if (!there(path)?.isDirectory() || !there(join(path, DATA_FILE))?.isFile()) return null;
  return new Map(
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.'))
      .map((entry) => [entry.name, isRead(entry) ? textIn(join(path, entry.name)) : '']),
  );
}

const isRead = (entry: Dirent): boolean =>
  entry.isFile() && (entry.name === DATA_FILE || entry.name.endsWith('.csv'));

const SIGNS: Readonly<Record<string, string>> = { '\\u003c': '<', '\\u003e': '>', '\\u0026': '&' };

/**
 * Of a field that stands twice JSON's readers take the first or the last: what one shows another has not checked. Blanks
 * between values are free, and in a page signs of HTML are written as their codes.
 */
function notOnce(data: string, value: unknown): string | null {
  const written = data
    .replace(/"(?:[^"\\]|\\.)*"|\s+/gsu, (part) => (part.startsWith('"') ? part : ''))
    .replace(/\\(?:\\|u003c|u003e|u0026)/gu, (code) => SIGNS[code] ?? code);
  const once = JSON.stringify(value);
  if (written === once) return null;
  const at = [...once].findIndex((sign, index) => sign !== written[index]);
  const names = [...written.slice(0, at < 0 ? undefined : at + 1).matchAll(/"((?:[^"\\]|\\.)*)":/gsu)];
  return names.at(-1)?.[1] ?? 'report';
}

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
