/** Comma-separated values (RFC 4180) that a spreadsheet takes for what they are. */

export type Cell = string | number | boolean | null;

/** With these a spreadsheet begins a formula, whatever a file means by it. */
const FORMULA = /^[=+\-@\t\r\uff0b\uff0d\uff1d\uff20]/u;

/** Where the comma is in numbers spreadsheets take these for the end of a cell, quoted or not. */
const AFTER_SEPARATOR = /(?<=[;\t\r\n]\s*)(?=[=+\-@\uff0b\uff0d\uff1d\uff20])/gu;

/** What people have written is text, and stays it: an apostrophe before it keeps a spreadsheet from running it. */
function textOf(text: string): string {
  const begin = text.length - text.trimStart().length;
  const guarded = text.slice(0, begin) + text.slice(begin).replace(AFTER_SEPARATOR, "'");
  return FORMULA.test(text.trimStart()) || FORMULA.test(text) ? `'${guarded}` : guarded;
}

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = textOf(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Each line ends with CR LF, the last too. */
export const csvOf = (columns: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
