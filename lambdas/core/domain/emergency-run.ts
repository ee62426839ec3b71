/** An emergency of many keys: one run with its order, and for each key of its target what became of it. */
import type { KeyStatus } from '../../../rules/words.ts';
import type { AuditHead } from './key-record.ts';

export type RunTarget = { readonly kind: 'owner'; readonly owner: string } | { readonly kind: 'all' };

/**
 * `planned` → `ordered` (its rotation is started) → one of the others. `dual-key`: replaced, and refused at a set time
 * whatever its clients do.
 */
export const RUN_OUTCOMES = ['planned', 'ordered', 'refused', 'dual-key', 'failed', 'skipped'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** Who let the run start, or go on. */
export interface RunOrder {
  readonly initiatedBy: string;
  readonly via: string;
  readonly atMs: number;
}

export interface RunTotals extends Readonly<Record<Exclude<RunOutcome, 'planned' | 'ordered'>, number>> {
  readonly keys: number;
  /** Planned or ordered, and not settled. */
  readonly left: number;
}

/** From the run's start to the refusal, over the keys that are refused or will be at a set time. */
export interface RefusalTimes {
  readonly medianMs: number;
  readonly slowestMs: number;
}

export interface RunSummary {
  readonly totals: RunTotals;
  /** Undefined while no key is refused. */
  readonly times?: RefusalTimes;
}

export interface RunEnd extends RunSummary {
  readonly atMs: number;
  /** What kept the run from going through its target, when something did. */
  readonly failure?: string;
}

export interface EmergencyRun {
  readonly runId: string;
  readonly target: RunTarget;
  readonly reason: string;
  readonly immediate: boolean;
  /** ISO 8601; absent: each key's policy says. */
  readonly gracePeriod?: string;
  /** Versions that were made until then are taken for known to a stranger. */
  readonly startedAtMs: number;
  /** The first is the start, each further one a resumption: their number is the attempt that runs. */
  readonly orders: readonly RunOrder[];
  /** Of the last attempt, once it is over. */
  readonly end?: RunEnd;
  /** Of the run's events; absent from runs that an earlier release has started. */
  readonly audit?: AuditHead;
  readonly revision: number;
}

/** What became of one key in a run. */
export interface RunKey {
  readonly keyId: string;
  readonly outcome: RunOutcome;
  /** The attempt that wrote this. */
  readonly attempt: number;
  /** The rotation that was ordered; another one may have done it. */
  readonly rotationId?: string;
  readonly orderedAtMs?: number;
  /** When the execution of that rotation started. */
  readonly rotationStartedAtMs?: number;
  /** With `refused` and `dual-key`: from when on every version that was known is refused. */
  readonly refusedAtMs?: number;
  /** With `failed` and `skipped`. */
  readonly why?: string;
  readonly revision: number;
}

export const attemptOf = (run: EmergencyRun): number => run.orders.length;

/** Whether somebody ordered it: an execution that was started by hand may name any. */
export const isAttemptOf = (run: EmergencyRun, attempt: number): boolean =>
  Number.isInteger(attempt) && attempt >= 1 && attempt <= attemptOf(run);

/** Of the execution of the run's machine: the same for whoever starts this attempt. */
export const runExecutionName = (run: EmergencyRun): string => `${run.runId}-${attemptOf(run)}`;

/** Of the key's rotation: the same for every step of this attempt, so that none starts it twice. */
export const runRotationId = (runId: string, keyId: string, attempt: number): string =>
  `run-${runId}-${keyId}-${attempt}`;

/** Whether this attempt has nothing more to do about the key. What failed or was skipped is for the next one. */
export function isSettled({ outcome, attempt: by }: RunKey, attempt: number): boolean {
  if (outcome === 'refused' || outcome === 'dual-key') return true;
  return (outcome === 'failed' || outcome === 'skipped') && by >= attempt;
}

/** Why nothing is done about a key that refuses everybody already. */
export const skippedWhy = (status: Exclude<KeyStatus, 'enabled'>): string =>
  status === 'revoked'
    ? 'It is revoked: every version of it is refused for good.'
    : 'It is disabled: every version of it is refused until somebody enables it. Resume the emergency then.';

/** Whether all ended as it should: nothing failed, nothing is left. */
export const isComplete = ({ totals, failure }: RunEnd): boolean =>
  totals.failed + totals.left === 0 && failure === undefined;

/** Counts and times over all keys of a run. */
export function summaryOf(startedAtMs: number, keys: readonly RunKey[]): RunSummary {
  const count = (...outcomes: readonly RunOutcome[]) =>
    keys.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const times = keys
    .flatMap(({ refusedAtMs }) =>
      refusedAtMs === undefined ? [] : [refusedAfterMs(startedAtMs, refusedAtMs)],
    )
    .sort((one, other) => one - other);
  return {
    totals: {
      keys: keys.length,
      refused: count('refused'),
      'dual-key': count('dual-key'),
      failed: count('failed'),
      skipped: count('skipped'),
      left: count('planned', 'ordered'),
    },
    ...(times.length > 0
      ? { times: { medianMs: medianOf(times), slowestMs: times[times.length - 1] as number } }
      : {}),
  };
}

/** Nothing that was refused before the run took the run any time. */
export const refusedAfterMs = (sinceMs: number, refusedAtMs: number): number =>
  Math.max(0, refusedAtMs - sinceMs);

/** @param sorted ascending, not empty; of an even number the lower of the two in the middle */
const medianOf = (sorted: readonly number[]): number => sorted[Math.floor((sorted.length - 1) / 2)] as number;
