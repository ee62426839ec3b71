/** The sweep: starts the scheduled rotation of every key that is due, a few at a time. */

import { DAY_MS } from '../../../rules/time-units.ts';
import type { KeyRecord } from '../domain/key-record.ts';
import { OVERDUE_MS } from '../domain/overdue.ts';
import type { Clock, MachineStarter } from '../ports/ambient.ts';
import type { DueKey, DueKeys } from '../ports/due-keys.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { type DueVerdict, judgeDue } from './judge-due.ts';

export interface SweepDeps {
  readonly store: Pick<KeyStore, 'find'>;
  readonly due: DueKeys;
  readonly machine: Pick<MachineStarter, 'start'>;
  readonly clock: Clock;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Puts on record who asks for a rotation, before it starts; absent where nobody but the schedule does. */
  readonly request?: (keyId: string, rotationId: string) => Promise<unknown>;
  /** Told of each key whose rotation could not be started; the sweep goes on. */
  readonly onFailure: (keyId: string, error: unknown) => void;
}

export interface SweepPace {
  /** Starts in a wave, and a second at least lies between two waves. */
  readonly startsPerSecond: number;
  /** The waves are spread by chance over about this long, so that the rotations do not all end at once. */
  readonly spreadMs: number;
  /** No wave begins after this. */
  readonly endsAtMs: number;
}

export interface SweepReport {
  readonly due: number;
  /** Another sweep at the same time may have started some of them: a key's rotation is started once. */
  readonly started: number;
  readonly exempt: number;
  /** Disabled, revoked or rotating already. */
  readonly skipped: number;
  readonly failed: number;
  /** Due for longer than a daily sweep can take to find it, and not exempt. */
  readonly overdue: number;
  /** Not got to; the next sweep goes on. */
  readonly left: number;
}

const SECOND_MS = 1_000;

type Taken = DueVerdict | 'failed';

/** Starts what is due, the longest due first. Safe to repeat, also at the same time. */
export async function sweepDueKeys(deps: SweepDeps, pace: SweepPace): Promise<SweepReport> {
  const nowMs = deps.clock();
  const found = await longestDueFirst(deps.due, nowMs);
  const waves = Math.ceil(found.length / pace.startsPerSecond);
  const taken: { readonly verdict: Taken; readonly dueAtMs: number }[] = [];
  while (taken.length < found.length && deps.clock() < pace.endsAtMs) {
    const wave = found.slice(taken.length, taken.length + pace.startsPerSecond);
    const verdicts = await Promise.all(wave.map((key) => take(deps, key, nowMs)));
    taken.push(...verdicts.map((verdict, index) => ({ verdict, dueAtMs: (wave[index] as DueKey).dueAtMs })));
    if (verdicts.includes('start') && taken.length < found.length) {
      const spread = 2 * deps.random() * (pace.spreadMs / waves);
      await deps.sleep(Math.max(SECOND_MS, spread));
    }
  }
  const count = (...verdicts: readonly Taken[]) =>
    taken.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const overdue = taken.filter(
    ({ verdict, dueAtMs }) =>
      dueAtMs <= nowMs - OVERDUE_MS && ['start', 'rotating', 'failed'].includes(verdict),
  );
  return {
    due: found.length - count('not-due'),
    started: count('start'),
    exempt: count('exempt'),
    skipped: count('disabled', 'revoked', 'rotating'),
    failed: count('failed'),
    overdue: overdue.length,
    left: found.length - taken.length,
  };
}

const longestDueFirst = async (due: DueKeys, nowMs: number): Promise<readonly DueKey[]> =>
  [...(await due.dueBy(nowMs))].sort((one, other) => one.dueAtMs - other.dueAtMs);

/** One key that cannot be read or started keeps no other from its rotation. */
async function take(deps: SweepDeps, { keyId }: DueKey, nowMs: number): Promise<Taken> {
  try {
    const record = await deps.store.find(keyId);
    const verdict = judgeDue(record, nowMs);
    if (record && verdict === 'start') {
      const request = { keyId, purpose: 'scheduled', initiatedBy: 'keyturn:sweep' };
      const rotationId = rotationIdOf(record, nowMs);
      await deps.request?.(keyId, rotationId);
      await deps.machine.start(rotationId, request);
    }
    return verdict;
  } catch (error) {
    deps.onFailure(keyId, error);
    return 'failed';
  }
}

/**
 * The same for every sweep that finds the key due, so that it is started once. A rotation that failed leaves its due
 * date, and an execution's name is taken for 90 days: so each day that passes makes another name, and another try.
 */
function rotationIdOf({ keyId, dueAtMs }: KeyRecord, nowMs: number): string {
  const day = Math.floor((nowMs - dueAtMs) / DAY_MS);
  return `sweep-${keyId}-${Math.floor(dueAtMs / 1000)}-${day}`;
}

export interface DueKeyPreview {
  readonly key: KeyRecord;
  readonly verdict: Exclude<DueVerdict, 'not-due'>;
}

/**
 * What a sweep would do now, the longest due first; nothing is started.
 *
 * @param limit keys that are looked at
 */
export async function previewSweep(
  { store, due, clock }: Pick<SweepDeps, 'store' | 'due' | 'clock'>,
  limit: number,
): Promise<{ readonly keys: readonly DueKeyPreview[]; readonly more: number }> {
  const nowMs = clock();
  const found = await longestDueFirst(due, nowMs);
  const records = await Promise.all(found.slice(0, limit).map(({ keyId }) => store.find(keyId)));
  const keys = records.flatMap((key) => {
    const verdict = judgeDue(key, nowMs);
    return key && verdict !== 'not-due' ? [{ key, verdict }] : [];
  });
  return { keys, more: Math.max(0, found.length - limit) };
}
