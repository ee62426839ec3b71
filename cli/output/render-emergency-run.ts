/** An emergency of many keys as people read it: in full, as one live line, and in a list. */
import type {
  EmergencyRunKeyView,
  EmergencyRunStatus,
  EmergencyRunView,
} from '../../lambdas/functions/admin/emergency-contract.ts';
import type { WholeRun } from '../emergency/read-run.ts';
import type { Paint } from './paint.ts';
import { block, type Column, table } from './table.ts';
import { measured, moment, span } from './time.ts';

/** Of the keys that ended as they should; those that did not are all named. */
const MOST_SHOWN = 20;

const STATUS_WORDS: Readonly<Record<EmergencyRunStatus, string>> = {
  running: 'running',
  completed: 'completed',
  incomplete: 'incomplete',
  stopped: 'stopped: its execution is over and has not reported',
};

const targetText = ({ target }: EmergencyRunView): string => target.owner ?? 'all keys';

/** What is on the way shows first; a count of nothing is left out. */
function countsOf({ totals }: EmergencyRunView): readonly string[] {
  if (!totals) return [];
  const counts = [
    [totals.refused, 'refused'],
    [totals.dualKey, 'refused at a set time'],
    [totals.skipped, 'skipped'],
    [totals.failed, 'failed'],
    [totals.left, 'to go'],
  ] as const;
  return counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
}

/** What is shown while a run is followed. */
export function runLine(run: EmergencyRunView, nowMs: number): string {
  const endMs = run.endedAt ? Date.parse(run.endedAt) : nowMs;
  const since = run.resumed.at(-1)?.at ?? run.startedAt;
  const keys = run.totals ? `${run.totals.keys} keys` : null;
  return [run.status, span(endMs - Date.parse(since)), keys, ...countsOf(run)]
    .filter((part) => part !== null)
    .join(' · ');
}

export function emergencyRun(run: WholeRun, paint: Paint, nowMs: number): string {
  const inOrder = [...run.keys].sort((one, other) => rank(one) - rank(other));
  const bad = inOrder.filter((key) => rank(key) === 0);
  const shown = inOrder.slice(0, bad.length + MOST_SHOWN);
  const more = inOrder.length - shown.length;
  const parts = [
    `Emergency ${paint.bold(run.runId)}  ${targetText(run)}`,
    facts(run, paint, nowMs),
    ...(shown.length > 0 ? [keyTable(shown, paint, nowMs)] : []),
    ...(more > 0 ? [paint.dim(`and ${more} more, which --json lists`)] : []),
    ...hints(run, paint),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What failed or is left comes first, then the slowest. */
function rank({ outcome, refusedAfterMs }: EmergencyRunKeyView): number {
  if (outcome === 'failed' || outcome === 'planned' || outcome === 'ordered') return 0;
  return 1 + 1 / (1 + (refusedAfterMs ?? 0));
}

function facts(run: EmergencyRunView, paint: Paint, nowMs: number): string {
  const { refusal, resumed } = run;
  return block(
    [
      ['status', statusText(run, paint)],
      ['started', `${moment(run.startedAt, nowMs)} by ${run.initiatedBy}`],
      ...resumed.map(({ at, by }) => ['resumed', `${moment(at, nowMs)} by ${by}`] as const),
      ['reason', run.reason],
      [
        'old versions',
        run.immediate ? 'refused at once' : `refused after ${run.gracePeriod ?? "each policy's period"}`,
      ],
      ['ended', run.endedAt && moment(run.endedAt, nowMs)],
      ['keys', [String(run.totals?.keys ?? 0), ...countsOf(run)].join(' · ')],
      [
        'refused after',
        refusal &&
          `${measured(refusal.medianMs)} in the median, ${measured(refusal.slowestMs)} at most, from the start`,
      ],
      ['holds', `at the latest ${measured(run.revocationBoundMs)} after each refusal`],
      ['failure', run.failure && paint.bad(run.failure)],
      ['execution', run.executionArn],
    ],
    paint.dim,
  );
}

function statusText({ status }: EmergencyRunView, paint: Paint): string {
  if (status === 'completed') return paint.good(STATUS_WORDS[status]);
  return status === 'running' ? paint.warn(STATUS_WORDS[status]) : paint.bad(STATUS_WORDS[status]);
}

const outcomePaint = ({ good, warn, bad, dim }: Paint) => ({
  refused: good,
  'dual-key': good,
  failed: bad,
  planned: warn,
  ordered: warn,
  skipped: dim,
});

function keyTable(keys: readonly EmergencyRunKeyView[], paint: Paint, nowMs: number): string {
  const columns: readonly Column<EmergencyRunKeyView>[] = [
    { title: 'KEY ID', value: ({ keyId }) => keyId, paint: (cell) => paint.bold(cell) },
    {
      title: 'OUTCOME',
      value: ({ outcome }) => outcome,
      paint: (cell, { outcome }) => outcomePaint(paint)[outcome](cell),
    },
    { title: 'REFUSED', value: ({ refusedAt }) => (refusedAt ? moment(refusedAt, nowMs) : '–') },
    {
      title: 'AFTER',
      value: ({ refusedAfterMs }) => (refusedAfterMs === null ? '–' : measured(refusedAfterMs)),
      align: 'right',
    },
    { title: 'WHY', value: ({ why }) => why ?? '' },
  ];
  return table(columns, keys, paint.dim);
}

function hints({ runId, status, totals }: EmergencyRunView, paint: Paint): readonly string[] {
  const replaced = (totals?.refused ?? 0) + (totals?.dualKey ?? 0);
  const unfinished = status === 'incomplete' || status === 'stopped';
  return [
    ...(unfinished ? [paint.warn(`Go on with what is left: keyturn emergency --resume ${runId}`)] : []),
    ...(replaced > 0 ? [paint.dim('Take each new key, once, within 14 days: keyturn claim <keyId>')] : []),
  ];
}

export function emergencyRuns(runs: readonly EmergencyRunView[], paint: Paint, nowMs: number): string {
  if (runs.length === 0) return 'There was no emergency of many keys.\n';
  const columns: readonly Column<EmergencyRunView>[] = [
    { title: 'RUN', value: ({ runId }) => runId, paint: (cell) => paint.bold(cell) },
    { title: 'TARGET', value: targetText },
    { title: 'STATUS', value: ({ status }) => status },
    { title: 'STARTED', value: ({ startedAt }) => moment(startedAt, nowMs) },
    { title: 'KEYS', value: (run) => [String(run.totals?.keys ?? '–'), ...countsOf(run)].join(' · ') },
  ];
  return `${table(columns, runs, paint.dim)}\n`;
}
