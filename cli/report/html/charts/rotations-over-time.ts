/** When rotations ended, by purpose and outcome: a row of bars for each purpose. */
import { scaleBand, scaleLinear } from 'd3-scale';
import { stack } from 'd3-shape';
import type { Report, RotationRow } from '../../../../lambdas/core/domain/report/report.ts';
import { type Html, html } from '../../../../lambdas/functions/page-html.ts';
import { table } from '../table.ts';
import { bar, figure, type Kind, label, line, nothing, WIDTH } from './frame.ts';
import { bucketsOf, countIn } from './time-buckets.ts';

const ID = 'over-time';
const TITLE = 'Rotations that ended, over time';
const LEFT = 96;
const ROW = 92;
const OUTCOMES = ['completed', 'rolled-back', 'failed'] as const;
type Outcome = (typeof OUTCOMES)[number];
const KINDS: Readonly<Record<Outcome, Kind>> = { completed: 'good', 'rolled-back': 'warn', failed: 'bad' };

interface Slot extends Readonly<Record<Outcome, number>> {
  readonly purpose: string;
  readonly label: string;
}

export function rotationsOverTime({ period, record }: Report): Html {
  const ended = record.rotations.rows.filter(({ outcome }) => outcome !== 'running');
  if (ended.length === 0) return nothing(TITLE, 'none ended in this period.');
  const { unit, buckets } = bucketsOf(period);
  const purposes = record.rotations.outcomes.map(({ purpose }) => purpose);
  const slots = purposes.flatMap((purpose) => slotsOf(purpose, ended, buckets));
  const rows = purposes.map((purpose) => slots.filter((slot) => slot.purpose === purpose));
  const most = Math.max(1, ...slots.map(sumOf));
  const says = `By ${unit} of their end: ${OUTCOMES.map((outcome) => `${ended.filter((row) => row.outcome === outcome).length} ${outcome}`).join(', ')}.`;
  const drawn = figure({
    id: ID,
    title: TITLE,
    says,
    height: purposes.length * ROW + 34,
    drawing: [
      ...rows.map((row, index) => drawRow(row, index * ROW, most)),
      axis(rows[0] ?? [], purposes.length * ROW),
    ],
    legend: OUTCOMES.map((outcome) => ({ mark: `s-${KINDS[outcome]}`, label: outcome })),
  });
  return html`${drawn}${alternative(slots, unit)}`;
}

function slotsOf(
  purpose: string,
  ended: readonly RotationRow[],
  buckets: ReturnType<typeof bucketsOf>['buckets'],
): readonly Slot[] {
  const of = (outcome: Outcome) =>
    countIn(
      buckets,
      ended
        .filter((row) => row.purpose === purpose && row.outcome === outcome)
        .map(({ endedAt }) => Date.parse(endedAt as string)),
    );
  const counts = OUTCOMES.map(of);
  return buckets.map((bucket, index) => ({
    purpose,
    label: bucket.label,
    completed: counts[0]?.[index] ?? 0,
    'rolled-back': counts[1]?.[index] ?? 0,
    failed: counts[2]?.[index] ?? 0,
  }));
}

const bandsOf = (row: readonly Slot[]) =>
  scaleBand(
    row.map((slot) => slot.label),
    [LEFT, WIDTH - 8],
  ).padding(0.25);

const sumOf = (slot: Slot): number => OUTCOMES.reduce((sum, outcome) => sum + slot[outcome], 0);

/** @param most of any bar of any row: bars are to be compared */
function drawRow(row: readonly Slot[], top: number, most: number): Html {
  const y = scaleLinear([0, most], [top + ROW - 18, top + 22]);
  const bands = bandsOf(row);
  const layers = stack<Slot, Outcome>().keys(OUTCOMES)([...row]);
  const bars = layers.flatMap((layer) =>
    layer.map((part) =>
      bar(ID, KINDS[layer.key], {
        x: bands(part.data.label) as number,
        width: bands.bandwidth(),
        y: y(part[1]),
        height: y(part[0]) - y(part[1]),
      }),
    ),
  );
  const totals = row.flatMap((slot) =>
    !isLabelled(slot, row, bands.step())
      ? []
      : label(
          (bands(slot.label) as number) + bands.bandwidth() / 2,
          y(sumOf(slot)) - 5,
          sumOf(slot),
          'value mid',
        ),
  );
  const base = line(LEFT, y(0), WIDTH - 8, y(0), 'axis');
  return html`${label(0, y(0) - 4, row[0]?.purpose ?? '', 'name')}${base}${bars}${totals}`;
}

/** The width of a figure in a value's label. */
const FIGURE = 7;

/** Where the totals of a row would run into each other, its highest alone is told: the table has all. */
function isLabelled(slot: Slot, row: readonly Slot[], room: number): boolean {
  const most = Math.max(...row.map(sumOf));
  const fits = String(most).length * FIGURE < room;
  return sumOf(slot) > 0 && (fits || slot === row.find((each) => sumOf(each) === most));
}

/** As many labels as there is room for. */
function axis(row: readonly Slot[], top: number): Html {
  const bands = bandsOf(row);
  const every = Math.ceil(row.length / 10);
  return html`${row
    .filter((_, index) => index % every === 0)
    .map((slot) =>
      label((bands(slot.label) as number) + bands.bandwidth() / 2, top + 12, slot.label, 'tick mid'),
    )}`;
}

const alternative = (slots: readonly Slot[], unit: string): Html =>
  table<Slot>(
    [
      { title: `From (${unit})`, value: (slot) => slot.label, heads: true },
      { title: 'Purpose', value: (slot) => slot.purpose },
      { title: 'Completed', value: (slot) => slot.completed, align: 'right' },
      { title: 'Rolled back', value: (slot) => slot['rolled-back'], align: 'right' },
      { title: 'Failed', value: (slot) => slot.failed, align: 'right' },
    ],
    slots.filter((slot) => sumOf(slot) > 0),
    { caption: `The picture’s figures: rotations that ended, by ${unit}`, empty: 'none.' },
  );
