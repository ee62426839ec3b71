/** Rotations by purpose and outcome, how long they took, and those that did not go through. */
import type {
  DurationRow,
  OutcomeRow,
  Report,
  RotationRow,
} from '../../../../lambdas/core/domain/report/report.ts';
import { html } from '../../../../lambdas/functions/page-html.ts';
import { rotationsOverTime } from '../charts/rotations-over-time.ts';
import type { Section } from '../section.ts';
import { type Column, table } from '../table.ts';
import { counted, lasted, or, time } from '../words.ts';

export function rotations(report: Report): Section {
  const { rotations: figures, extensions } = report.record;
  const others = figures.rows.filter(({ outcome }) => outcome === 'failed' || outcome === 'rolled-back');
  const delayed = figures.rows
    .filter((row) => row.extensions + row.holds > 0)
    .sort((one, other) => other.extensions + other.holds - one.extensions - one.holds);
  return {
    id: 'rotations',
    title: 'Rotations',
    lead: 'A rotation replaces the secret of a key. It is counted in the period it ran in; as started where its order lies in the period too. Durations are of completed ones, from the order to the end, grace period and extensions included.',
    body: html`${table<OutcomeRow>(OUTCOMES, figures.outcomes, { caption: 'Rotations by purpose and outcome', empty: 'none.' })}
${rotationsOverTime(report)}
${table<DurationRow>(DURATIONS, figures.durations, { caption: 'How long completed rotations took', empty: 'none was completed.' })}
<h3>Extensions and holds</h3>
<p>${counted(extensions.rotations, 'rotation')} kept the old version longer than announced, since clients still used it or had not received the new one: ${counted(extensions.extensions, 'extension')}, ${counted(extensions.holds, 'hold')}.</p>
${table<RotationRow>(DELAYED, delayed, { caption: 'Rotations that were extended or held', empty: 'none.', order: 'the most extended' })}
<h3>Failed and rolled back</h3>
${table<RotationRow>(OTHERS, others, { caption: 'Rotations that failed or were rolled back', empty: 'none.' })}`,
  };
}

const OUTCOMES: readonly Column<OutcomeRow>[] = [
  { title: 'Purpose', value: (row) => row.purpose, heads: true },
  { title: 'Started', value: (row) => row.started, align: 'right' },
  { title: 'Completed', value: (row) => row.completed, align: 'right' },
  { title: 'Rolled back', value: (row) => row.rolledBack, align: 'right' },
  { title: 'Failed', value: (row) => row.failed, align: 'right' },
  { title: 'Running at the end', value: (row) => row.running, align: 'right' },
];

const DURATIONS: readonly Column<DurationRow>[] = [
  { title: 'Purpose', value: (row) => row.purpose, heads: true },
  { title: 'Count', value: ({ spread }) => spread.count, align: 'right' },
  { title: 'Mean', value: ({ spread }) => lasted(spread.meanMs), align: 'right' },
  { title: 'Median', value: ({ spread }) => lasted(spread.medianMs), align: 'right' },
  { title: '95th percentile', value: ({ spread }) => lasted(spread.p95Ms), align: 'right' },
  { title: 'Slowest', value: ({ spread }) => lasted(spread.slowestMs), align: 'right' },
];

const KEY: readonly Column<RotationRow>[] = [
  { title: 'Key', value: (row) => html`<code>${row.keyId}</code>`, heads: true },
  { title: 'Owner', value: (row) => row.owner, align: 'name' },
  { title: 'Purpose', value: (row) => row.purpose },
];

const DELAYED: readonly Column<RotationRow>[] = [
  ...KEY,
  { title: 'Started', value: (row) => time(row.startedAt) },
  { title: 'Extensions', value: (row) => row.extensions, align: 'right' },
  { title: 'Holds', value: (row) => row.holds, align: 'right' },
  { title: 'Last evidence', value: (row) => or(row.evidence) },
  { title: 'Outcome', value: (row) => row.outcome },
  { title: 'Took', value: (row) => lasted(row.durationMs), align: 'right' },
];

const OTHERS: readonly Column<RotationRow>[] = [
  ...KEY,
  { title: 'Ended', value: (row) => time(row.endedAt) },
  { title: 'Outcome', value: (row) => row.outcome },
  { title: 'Started by', value: (row) => or(row.startedBy), align: 'name' },
  { title: 'Why it failed', value: (row) => or(row.failure), align: 'text' },
];
