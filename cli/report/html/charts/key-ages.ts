/** How old the versions in use are, as a share of what their policies allow: any number of keys in sixteen bars. */
import { scaleBand, scaleLinear } from 'd3-scale';
import type { KeyRow } from '../../../../lambdas/core/domain/report/policy-standing.ts';
import type { Report } from '../../../../lambdas/core/domain/report/report.ts';
import { type Html, html } from '../../../../lambdas/functions/page-html.ts';
import { table } from '../table.ts';
import { bar, figure, type Kind, label, line, nothing, WIDTH } from './frame.ts';

const ID = 'ages';
const TITLE = 'Age of the version in use, as a share of what the policy allows';
const STEPS = 16;
const [LEFT, TOP, BOTTOM] = [44, 40, 204];

interface Bin {
  readonly label: string;
  readonly counts: Readonly<Record<Kind, number>>;
}

const kindOf = ({ standing }: KeyRow): Kind =>
  standing === 'within' ? 'good' : standing === 'exempt' || standing === 'rotating' ? 'warn' : 'bad';

export function keyAges({ standing }: Report): Html {
  const judged = standing.keys.filter(
    ({ status, ageSeconds, rotateEverySeconds }) =>
      status === 'enabled' && ageSeconds !== null && rotateEverySeconds !== null,
  );
  if (judged.length === 0) return nothing(TITLE, 'no enabled key with a policy is on record.');
  const bins = binsOf(judged);
  const count = (kind: Kind) => judged.filter((key) => kindOf(key) === kind).length;
  const says = `Of ${judged.length} enabled keys ${count('good')} are within their policy, ${count('warn')} past it with a reason (exempt, or rotating now), ${count('bad')} past it without one.`;
  return html`${figure({
    id: ID,
    title: TITLE,
    says,
    height: 250,
    drawing: drawn(bins),
    legend: [
      { mark: 's-good', label: 'within the policy' },
      { mark: 's-warn', label: 'past it: exempt, or rotating now' },
      { mark: 's-bad', label: 'past it: due or overdue' },
    ],
  })}${alternative(bins)}`;
}

function binsOf(keys: readonly KeyRow[]): readonly Bin[] {
  const counts = Array.from({ length: STEPS }, () => ({ good: 0, warn: 0, bad: 0 }));
  for (const key of keys) {
    const tenths = Math.ceil(((key.ageSeconds as number) / (key.rotateEverySeconds as number)) * 10) - 1;
    const bin = counts[Math.min(STEPS - 1, Math.max(0, tenths))];
    if (bin) bin[kindOf(key)] += 1;
  }
  return counts.map((bin, index) => ({
    label: index === STEPS - 1 ? `over ${index * 10} %` : `${index * 10}–${(index + 1) * 10} %`,
    counts: bin,
  }));
}

const sumOf = ({ counts }: Bin): number => counts.good + counts.warn + counts.bad;

function drawn(bins: readonly Bin[]): readonly Html[] {
  const x = scaleBand(
    bins.map((bin) => bin.label),
    [LEFT, WIDTH - 8],
  ).padding(0.12);
  const most = Math.max(...bins.map(sumOf));
  const y = scaleLinear([0, most], [BOTTOM, TOP]);
  const at = (index: number) => LEFT + ((WIDTH - 8 - LEFT) / STEPS) * index;
  return [
    ...bins.flatMap((bin) => columnOf(bin, x(bin.label) as number, x.bandwidth(), y)),
    line(LEFT, BOTTOM, WIDTH - 8, BOTTOM, 'axis'),
    ...[0, 5, 10, 15].map((index) => label(at(index), BOTTOM + 18, `${index * 10} %`, 'tick mid')),
    line(at(10), 12, at(10), BOTTOM, 'bound'),
    label(at(10) - 6, 12, 'the policy’s limit', 'note-end'),
    label(0, 12, 'keys', 'tick'),
    label((LEFT + WIDTH) / 2, BOTTOM + 38, 'age, of what the policy allows', 'tick mid'),
  ];
}

function columnOf(bin: Bin, x: number, width: number, y: (count: number) => number): readonly Html[] {
  let below = 0;
  const parts = (['good', 'warn', 'bad'] as const).map((kind) => {
    const [from, to] = [below, below + bin.counts[kind]];
    below = to;
    return bar(ID, kind, { x, width, y: y(to), height: y(from) - y(to) });
  });
  return below === 0 ? [] : [...parts, label(x + width / 2, y(below) - 5, below, 'value mid')];
}

const alternative = (bins: readonly Bin[]): Html =>
  table<Bin>(
    [
      { title: 'Age, of what the policy allows', value: (bin) => bin.label, heads: true },
      { title: 'Within', value: (bin) => bin.counts.good, align: 'right' },
      { title: 'Past it with a reason', value: (bin) => bin.counts.warn, align: 'right' },
      { title: 'Past it', value: (bin) => bin.counts.bad, align: 'right' },
    ],
    bins.filter((bin) => sumOf(bin) > 0),
    { caption: 'The picture’s figures: enabled keys by age', empty: 'none.' },
  );
