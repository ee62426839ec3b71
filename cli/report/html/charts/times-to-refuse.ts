/** How long emergencies took to refuse at once, with the stated bound that follows each write. */
import { scaleBand, scaleLinear } from 'd3-scale';
import type { EmergencyRow, Report } from '../../../../lambdas/core/domain/report/report.ts';
import { type Html, html } from '../../../../lambdas/functions/page-html.ts';
import { lasted } from '../words.ts';
import { bar, figure, label, line, nothing, WIDTH } from './frame.ts';

const ID = 'refusals';
const TITLE = 'From an emergency’s order to the refusal at once';
const SHOWN = 20;
const ROW = 26;
const LEFT = 120;

type Refused = EmergencyRow & { readonly toRefusalMs: number };

export function timesToRefuse({ record, standing }: Report): Html {
  const refused = record.emergencies.rows
    .filter((row): row is Refused => row.toRefusalMs !== null && row.refused !== 'at-set-end')
    .sort((one, other) => other.toRefusalMs - one.toRefusalMs);
  if (refused.length === 0) return nothing(TITLE, 'no old version was refused at once in this period.');
  const shown = refused.slice(0, SHOWN);
  const worst = shown[0] as Refused;
  const boundMs = standing.revocationBoundMs;
  const leftOut = refused.length > SHOWN ? ` The slowest ${SHOWN} of ${refused.length} are drawn.` : '';
  return figure({
    id: ID,
    title: TITLE,
    says: `The slowest write came ${lasted(worst.toRefusalMs)} after its order and holds everywhere within the stated bound of ${lasted(boundMs)}: ${lasted(worst.toRefusalMs + boundMs)} after the order at the latest.${leftOut}`,
    height: shown.length * ROW + 44,
    drawing: drawn(shown, boundMs),
    legend: [
      { mark: 's-good', label: 'from the order to the write that refuses' },
      { mark: 's-warn', label: 'the stated bound: until it holds everywhere at the latest' },
    ],
  });
}

function drawn(rows: readonly Refused[], boundMs: number): readonly Html[] {
  const bottom = rows.length * ROW + 6;
  const x = scaleLinear([0, (rows[0] as Refused).toRefusalMs + boundMs], [LEFT, WIDTH - 120]).nice(6);
  const y = scaleBand(
    rows.map((_, index) => index),
    [6, bottom],
  ).padding(0.3);
  const bars = rows.map((row, index) => {
    const top = y(index) as number;
    const box = { y: top, height: y.bandwidth() };
    const end = row.toRefusalMs + boundMs;
    return html`${label(0, top + 13, row.keyId, 'mono')}${bar(ID, 'good', { ...box, x: x(0), width: x(row.toRefusalMs) - x(0) })}${bar(ID, 'warn', { ...box, x: x(row.toRefusalMs), width: x(end) - x(row.toRefusalMs) })}${label(x(end) + 6, top + 13, `${lasted(row.toRefusalMs)} + ${lasted(boundMs)}`, 'value')}`;
  });
  const ticks = x
    .ticks(6)
    .map(
      (ms) =>
        html`${line(x(ms), 6, x(ms), bottom, 'grid')}${label(x(ms), bottom + 16, lasted(ms), 'tick mid')}`,
    );
  return [...ticks, ...bars, line(LEFT, 6, LEFT, bottom, 'axis')];
}
