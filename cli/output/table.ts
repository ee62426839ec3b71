/** Columns that line up, and blocks of labelled values. */

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** Colours the padded cell, so that escape codes never count as width. */
  readonly paint?: (cell: string, row: Row) => string;
  readonly align?: 'left' | 'right';
  /** What stands where there is no value: the column is left out where no row has one. */
  readonly blank?: string;
  /** Characters of a cell, the sign that more was there counted; what is cut is whole as JSON. */
  readonly longest?: number;
}

/** A table with a heading line; two spaces between columns, none at the end of a line. */
export function table<Row>(
  all: readonly Column<Row>[],
  rows: readonly Row[],
  heading: (text: string) => string,
): string {
  const columns = all.map(cut).filter(({ blank, value }) => rows.some((row) => value(row) !== blank));
  const widths = columns.map(({ title, value }) =>
    Math.max(title.length, ...rows.map((row) => value(row).length)),
  );
  const pad = (text: string, index: number) =>
    columns[index]?.align === 'right' ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0);
  const head = heading(
    columns
      .map(({ title }, index) => pad(title, index))
      .join('  ')
      .trimEnd(),
  );
  const body = rows.map((row) =>
    columns
      .map(({ value, paint }, index) => {
        const cell = pad(value(row), index);
        return paint ? paint(cell, row) : cell;
      })
      .join('  ')
      .trimEnd(),
  );
  return [head, ...body].join('\n');
}

const cut = <Row>(column: Column<Row>): Column<Row> => {
  const { longest, value } = column;
  if (longest === undefined) return column;
  return {
    ...column,
    value: (row) => {
      const text = value(row);
      return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
    },
  };
};

/** `label  value` lines, the values in one column; a null value leaves its line out. */
export function block(
  entries: readonly (readonly [label: string, value: string | null])[],
  label: (text: string) => string,
): string {
  const shown = entries.filter((entry): entry is readonly [string, string] => entry[1] !== null);
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${label(name.padEnd(width))}  ${value}`).join('\n');
}
