/** Tables that scroll by themselves where they are too wide, with a caption and headings that say what they head. */
import { type Html, html, type Part } from '../../../lambdas/functions/page-html.ts';
import { number } from './words.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => Part;
  /** `right` for figures; `text` for sentences, which need room. */
  readonly align?: 'right' | 'text';
  /** Heads its row. */
  readonly heads?: boolean;
}

/** More would be a file that no telephone opens. */
export const MOST_ROWS = 200;

export interface TableOptions {
  readonly caption: string;
  /** What is said where there are no rows. */
  readonly empty: string;
  /** Which rows come first, where not all are shown. */
  readonly order?: string;
}

export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { caption, empty, order }: TableOptions,
): Html {
  if (rows.length === 0) return html`<p class="empty">${caption}: ${empty}</p>`;
  const shown = rows.slice(0, MOST_ROWS);
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ title, align }) => html`<th scope="col"${classOf(align)}>${title}</th>`)}</tr></thead>
<tbody>
${shown.map((row) => html`<tr>${columns.map((column) => cellOf(column, row))}</tr>\n`)}</tbody>
</table></div>${leftOut(rows.length, order)}`;
}

const classOf = (align: 'right' | 'text' | undefined): Html =>
  align ? html` class="${align === 'right' ? 'number' : 'text'}"` : html``;

const cellOf = <Row>({ value, align, heads }: Column<Row>, row: Row): Html =>
  heads ? html`<th scope="row">${value(row)}</th>` : html`<td${classOf(align)}>${value(row)}</td>`;

const leftOut = (count: number, order: string | undefined): Html | undefined =>
  count > MOST_ROWS
    ? html`<p class="note">${number(MOST_ROWS)} of ${number(count)} are shown${order ? `, ${order} first` : ''}. All of them are in the data of this file, and in the report as CSV or JSON.</p>`
    : undefined;
