/** Step 4: the dual-key write. From here both versions are accepted, or the old one is refused at once. */
import { StepOutOfOrder } from '../domain/errors.ts';
import type { Rotation } from '../domain/key-record.ts';
import { activated } from '../domain/rotation-steps.ts';
import { changeRunning } from './change-running.ts';
import { type RotationDeps, type StepInput, type StepResult, waitUntil } from './rotation-deps.ts';

/** One write whichever way it goes. The caches are emptied after it, and again when the step is repeated. */
export async function activateVersion(deps: RotationDeps, step: StepInput): Promise<StepResult> {
  const result = await changeRunning(deps, step, (record, rotation) => {
    if (rotation.status === 'dual-key') return { result: waiting(step, rotation) };
    // Without a new version this write would leave the key with none that is active.
    if (rotation.status !== 'verifying') {
      throw new StepOutOfOrder(`Rotation ${step.rotationId} has no version to activate.`);
    }

    const nowMs = deps.clock();
    const after = activated(record, rotation, nowMs);
    return {
      result: rotation.immediate ? { ...step, next: 'done' } : waiting(step, after.rotation as Rotation),
      change: {
        after,
        entry: {
          action: 'version.activated',
          atMs: nowMs,
          detail: {
            version: rotation.toVersion as number,
            oldVersion: rotation.fromVersion,
            oldVersionIs: rotation.immediate ? 'retired' : 'deprecating',
          },
        },
      },
    };
  });
  // An answer that API Gateway remembers would outlive the refusal, and hide the warning of a deprecating version.
  await deps.caches.flush();
  return result;
}

const waiting = (step: StepInput, rotation: Rotation): StepResult => ({
  ...step,
  next: 'wait',
  waitUntil: waitUntil(rotation.gracePeriodEndsAtMs as number),
});
