import { describe, expect, it, test } from 'vitest';
import { csvOf } from '../../../../cli/report/csv/csv.ts';
import { csvTables } from '../../../../cli/report/csv/tables.ts';
import { sealReport } from '../../../../lambdas/core/domain/report/report-hash.ts';
import { emptyReport, quarterReport } from '../../../support/report-samples.ts';

describe('RFC 4180', () => {
  test.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['two\nlines', '"two\nlines"'],
    ['two\r\nlines', '"two\r\nlines"'],
    [null, ''],
    [-5, '-5'],
    [true, 'true'],
    ['', ''],
  ])('%j', (value, text) => {
    expect(csvOf(['x'], [[value]])).toBe(`x\r\n${text}\r\n`);
  });
});

describe('a spreadsheet runs nothing', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['  =1', "'  =1"],
    ['＝1', "'＝1"],
    ['x;=1+1', "x;'=1+1"],
    ['x; -1;@y', "x; '-1;'@y"],
    ['a, b;\t＝1', `"a, b;\t'＝1"`],
    ['well-known; e-mail a@example.com', 'well-known; e-mail a@example.com'],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
  ])('%j', (text, cell) => {
    expect(csvOf(['x'], [[text]])).toBe(`x\r\n${cell}\r\n`);
  });
});

/** A reader of RFC 4180, to hold the files to it. */
function parse(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let row: string[] = [];
  for (let match = cells.exec(text); match; match = cells.exec(text)) {
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') {
      rows.push(row);
      row = [];
    }
    if (cells.lastIndex === text.length) return rows;
  }
  throw new Error(`Not RFC 4180 at ${cells.lastIndex}.`);
}

describe.each([
  ['a quarter', quarterReport],
  ['an empty period', emptyReport],
])('the tables of %s', (_what, report) => {
  it('have as many cells in every row as in their heading', async () => {
    const sealed = sealReport(await report());
    for (const [name, text] of csvTables(sealed.report, sealed.sha256)) {
      const [heading, ...rows] = parse(text);
      expect(heading?.length, name).toBeGreaterThan(1);
      for (const column of heading ?? []) expect(column, name).toMatch(/^[a-z][a-zA-Z0-9]*$/);
      for (const row of rows) expect(row, name).toHaveLength(heading?.length as number);
    }
  });
});

test('every rotation, key and figure is in them', async () => {
  const sealed = sealReport(await quarterReport());
  const tables = csvTables(sealed.report, sealed.sha256);
  const rowsOf = (name: string) => parse(tables.get(name) as string).length - 1;
  expect([rowsOf('rotations.csv'), rowsOf('keys.csv'), rowsOf('emergencies.csv')]).toEqual([6, 9, 2]);
  expect(rowsOf('key-changes.csv')).toBe(11);
  expect(tables.get('report.csv')).toContain(sealed.sha256);
  expect(tables.get('rotation-figures.csv')).toContain('scheduled,1,1,0,0,0,259200000');
});
