/** Tables that scroll by themselves where they are too wide, with a caption and headings that say what they head. */
import { type Html, html, type Part } from '../../../lambdas/functions/page-html.ts';
import { number } from './words.ts';

type Align = 'right' | 'text' | 'name';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => Part;
  /** `right` for figures; `text` for sentences, which need room; `name` for what may be long without a blank. */
  readonly align?: Align;
  /** Heads its row. */
  readonly heads?: boolean;
}

/** More would be a file that no telephone opens. */
export const MOST_ROWS = 200;

/** Kept on one page of paper. */
const FEW_ROWS = 8;

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
  return html`<div class="scroll${rows.length <= FEW_ROWS ? ' few' : ''}" role="region" tabindex="0" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ title, align }) => html`<th scope="col"${classOf(align)}>${title}</th>`)}</tr></thead>
<tbody>
${shown.map((row) => html`<tr>${columns.map((column) => cellOf(column, row))}</tr>\n`)}</tbody>
</table></div>${leftOut(rows.length, order)}`;
}

const classOf = (align: Align | undefined): Html =>
  align ? html` class="${align === 'right' ? 'number' : align}"` : html``;

function cellOf<Row>({ value, align, heads }: Column<Row>, row: Row): Html {
  const shown = align === 'name' ? breakable(value(row)) : value(row);
  return heads
    ? html`<th scope="row"${classOf(align)}>${shown}</th>`
    : html`<td${classOf(align)}>${shown}</td>`;
}

/** An address may break behind its sign, an ARN behind its colons and slashes, and elsewhere only where nothing else fits. */
const breakable = (part: Part): Part =>
  typeof part === 'string'
    ? part.split(/(?<=[@:/])/).map((piece, at) => (at === 0 ? piece : html`<wbr>${piece}`))
    : part;

const leftOut = (count: number, order: string | undefined): Html | undefined =>
  count > MOST_ROWS
    ? html`<p class="note">${number(MOST_ROWS)} of ${number(count)} are shown${order ? `, ${order} first` : ''}. All of them are in the data of this file, and in the report as CSV or JSON.</p>`
    : undefined;
