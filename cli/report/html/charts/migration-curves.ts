/** How the share of requests with the new version grew, for the rotations that took longest. */
import { scaleLinear } from 'd3-scale';
import { line as curve, symbol, symbolCircle, symbolDiamond, symbolSquare, symbolTriangle } from 'd3-shape';
import type { Report, RotationRow } from '../../../../lambdas/core/domain/report/report.ts';
import { type Html, html } from '../../../../lambdas/functions/page-html.ts';
import { DAY_MS } from '../../../../rules/time-units.ts';
import { table } from '../table.ts';
import { percent, time } from '../words.ts';
import { figure, label, line, nothing, WIDTH } from './frame.ts';

const ID = 'migrations';
const TITLE = 'Share of requests with the new version';
const SHOWN = 8;
const SYMBOLS = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond] as const;
const [LEFT, TOP, BOTTOM] = [48, 16, 236];

interface Drawn {
  readonly row: RotationRow;
  readonly points: readonly { readonly days: number; readonly share: number; readonly at: string }[];
}

export function migrationCurves({ record }: Report): Html {
  const measured = record.rotations.rows.flatMap(drawnOf);
  if (measured.length === 0) return nothing(TITLE, 'it was measured in no rotation of this period.');
  const shown = measured.sort(slowestFirst).slice(0, SHOWN);
  const rest = measured.length - shown.length;
  const ends = shown.map(({ row, points }) => `${row.keyId} ${percent(points.at(-1)?.share ?? null)}`);
  return html`${figure({
    id: ID,
    title: TITLE,
    says: `By days since the order; the last share measured: ${ends.join(', ')}.${rest > 0 ? ` The ${shown.length} with most extensions, then longest, are drawn; ${rest} more are in the data.` : ''}`,
    height: 286,
    drawing: drawing(shown),
  })}${alternative(shown)}`;
}

function drawnOf(row: RotationRow): readonly Drawn[] {
  const startMs = Date.parse(row.startedAt ?? row.migration[0]?.at ?? '');
  const points = row.migration.flatMap(({ at, newShare }) =>
    newShare === null ? [] : { at, share: newShare, days: (Date.parse(at) - startMs) / DAY_MS },
  );
  return points.length === 0 ? [] : [{ row, points }];
}

const slowestFirst = (one: Drawn, other: Drawn): number =>
  other.row.extensions - one.row.extensions ||
  (other.points.at(-1)?.days ?? 0) - (one.points.at(-1)?.days ?? 0);

function drawing(shown: readonly Drawn[]): readonly Html[] {
  const most = Math.max(1, ...shown.flatMap(({ points }) => points.map(({ days }) => days)));
  const x = scaleLinear([0, most], [LEFT, WIDTH - 40]).nice(6);
  const y = scaleLinear([0, 1], [BOTTOM, TOP]);
  const path = curve<Drawn['points'][number]>(
    ({ days }) => x(days),
    ({ share }) => y(share),
  ).digits(1);
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      html`${line(LEFT, y(share), WIDTH - 40, y(share), 'grid')}${label(LEFT - 8, y(share) + 4, percent(share), 'tick end')}`,
  );
  const ticks = x.ticks(6).map((days) => label(x(days), BOTTOM + 18, days, 'tick mid'));
  const curves = shown.map(({ points }, index) => {
    const style = `c${index % SHOWN}`;
    const mark = symbol(SYMBOLS[index % SYMBOLS.length], 46).digits(1)() ?? '';
    const marks = points.map(
      ({ days, share }) =>
        html`<path class="mark-${style}" d="${mark}" transform="translate(${x(days).toFixed(1)} ${y(share).toFixed(1)})"/>`,
    );
    return html`<path class="curve ${style}" d="${path([...points]) ?? ''}"/>${marks}`;
  });
  const ends = shown.map(({ points }) => {
    const last = points.at(-1) as Drawn['points'][number];
    return { x: x(last.days), y: y(last.share) };
  });
  return [
    ...grid,
    ...ticks,
    label((LEFT + WIDTH) / 2, BOTTOM + 38, 'days since the order', 'tick mid'),
    ...curves,
    ...endLabels(ends),
  ];
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Curves that end at one place share a label: `2, 3, 5`. */
function endLabels(ends: readonly Place[]): readonly Html[] {
  const groups: { readonly at: Place; readonly numbers: number[] }[] = [];
  ends.forEach((end, index) => {
    const beside = groups.find(({ at }) => Math.abs(at.x - end.x) < 24 && Math.abs(at.y - end.y) < 13);
    if (beside) beside.numbers.push(index + 1);
    else groups.push({ at: end, numbers: [index + 1] });
  });
  return groups.map(({ at, numbers }) =>
    numbers.length > 2 && at.x > WIDTH / 2
      ? label(at.x + 4, at.y - 9, numbers.join(', '), 'value end')
      : label(at.x + 9, at.y + 4, numbers.join(', '), 'value'),
  );
}

const alternative = (shown: readonly Drawn[]): Html =>
  table(
    [
      { title: 'No.', value: ({ number }) => number, align: 'right' },
      { title: 'Key', value: ({ row }) => html`<code>${row.keyId}</code>`, heads: true },
      { title: 'Owner', value: ({ row }) => row.owner, align: 'name' },
      { title: 'Measured at', value: ({ point }) => time(point.at) },
      { title: 'New version', value: ({ point }) => percent(point.share), align: 'right' },
    ],
    shown.flatMap(({ row, points }, index) => points.map((point) => ({ number: index + 1, row, point }))),
    { caption: 'The picture’s figures: shares as they were measured', empty: 'none.' },
  );
