/** Waits for a rotation to come to a state, and tells what it waits for. */
import type { RotationView } from '../../lambdas/functions/admin/rotation-contract.ts';
import { watchLine, watchState } from '../output/render-rotation.ts';
import type { DrillContext } from './drill-context.ts';
import { expectThat } from './story.ts';

export interface Reached {
  readonly rotation: RotationView;
  /** The state seen just before. */
  readonly before: RotationView | undefined;
}

/** Fails the step when a judgement is overdue: each one has a time at which it is announced. */
export async function untilRotation(
  drill: DrillContext,
  keyId: string,
  { rotationId }: RotationView,
  reached: (rotation: RotationView) => boolean,
): Promise<Reached> {
  let before: RotationView | undefined;
  for (;;) {
    const rotation = await drill.admin.call('rotation', { keyId, rotationId });
    expectThat(rotation !== null, `rotation ${rotationId} is not on record`);
    if (reached(rotation)) return { rotation, before };
    const nowMs = drill.now();
    const dueMs = Date.parse(rotation.gracePeriodEndsAt ?? rotation.startedAt);
    expectThat(nowMs < dueMs + drill.pace.judgementSlackMs, `no judgement, ${watchLine(rotation, nowMs)}`);
    // Requests are counted up all the time; only every fifth second of it is worth a line that stays.
    drill.story.waiting(watchLine(rotation, nowMs), `${watchStage(rotation)} ${Math.floor(nowMs / 5_000)}`);
    before = rotation;
    await drill.sleep(drill.pace.pollEveryMs);
  }
}

const watchStage = (rotation: RotationView): string => watchState({ ...rotation, migration: null });
