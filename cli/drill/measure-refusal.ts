/** How long a version was still accepted after an emergency, by the calls of somebody who goes on using it. */
import type { RotationView } from '../../lambdas/functions/admin/rotation-contract.ts';
import { measured } from '../output/time.ts';
import type { CallRecord } from './call-recorder.ts';
import type { DrillContext } from './drill-context.ts';
import type { SteadyCaller } from './steady-caller.ts';
import { expectThat } from './story.ts';

export interface EmergencyFigures {
  /** From the command to the first answer 401. */
  readonly firstRefusalAfterStartMs: number;
  /** From the committed refusal to the first answer 401; never negative. */
  readonly firstRefusalAfterCommitMs: number;
  /** From the start to the committed refusal, as it is on record. */
  readonly refusedAfterMs: number;
  /** How long after the commit the old version may still be accepted at most. */
  readonly revocationBoundMs: number;
}

/** An emergency rotation that has refused the old version; times in epoch milliseconds. */
export interface Invalidation {
  readonly commandAtMs: number;
  readonly committedAtMs: number;
  readonly refusedAfterMs: number;
  readonly revocationBoundMs: number;
  readonly rotation: RotationView;
}

/** Waits until calls have left after the stated bound: without them there would be no proof. */
export async function measureRefusal(
  drill: DrillContext,
  intruder: SteadyCaller,
  done: Invalidation,
): Promise<readonly [string, EmergencyFigures]> {
  const boundAtMs = done.committedAtMs + done.revocationBoundMs;
  const calls = () => intruder.calls().filter(({ startedAtMs }) => startedAtMs >= done.commandAtMs);
  while (!calls().some(({ startedAtMs }) => startedAtMs > boundAtMs)) {
    const leftMs = boundAtMs - drill.now();
    drill.story.waiting(`${measured(Math.max(0, leftMs))} until the stated bound`, 'until the stated bound');
    await drill.sleep(drill.pace.callEveryMs);
  }
  const late = calls().filter(({ startedAtMs, status }) => startedAtMs > boundAtMs && status !== 401);
  expectThat(late.length === 0, `${late.length} later calls were answered ${late[0]?.status}`);
  const first = calls().find(({ status }) => status === 401);
  expectThat(first !== undefined, 'it was never refused');
  const figures = figuresOf(done, first);
  const came =
    `first refused ${measured(figures.firstRefusalAfterStartMs)} after the command, ` +
    `${measured(figures.firstRefusalAfterCommitMs)} after the commit`;
  return [came, figures];
}

function figuresOf(done: Invalidation, first: CallRecord): EmergencyFigures {
  const answeredAtMs = first.startedAtMs + first.durationMs;
  return {
    firstRefusalAfterStartMs: answeredAtMs - done.commandAtMs,
    firstRefusalAfterCommitMs: Math.max(0, answeredAtMs - done.committedAtMs),
    refusedAfterMs: done.refusedAfterMs,
    revocationBoundMs: done.revocationBoundMs,
  };
}
