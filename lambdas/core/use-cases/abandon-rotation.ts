/** When a step fails for good: the key goes back to a state that works, and the rotation says why it failed. */
import { failed } from '../domain/rotation-steps.ts';
import { changeKey, type Decision } from './change-key.ts';
import { notRunning } from './not-running.ts';
import { destroyPendingSeal } from './pending-seal.ts';
import { machineActor, type RotationDeps, type StepInput, type StepResult } from './rotation-deps.ts';

const LONGEST_FAILURE = 300;

/** A pending version is dropped with its sealed key; two accepted versions stay accepted, for the next rotation to judge. */
export async function abandonRotation(
  deps: RotationDeps,
  step: StepInput & { readonly failure: string },
): Promise<StepResult> {
  const { keyId, rotationId } = step;
  const failure = step.failure.slice(0, LONGEST_FAILURE);
  return changeKey(deps.store, keyId, async (record): Promise<Decision<StepResult>> => {
    const rotation = record?.rotation;
    if (!record || rotation?.rotationId !== rotationId) return { result: notRunning({ keyId, rotationId }) };
    const nowMs = deps.clock();
    return {
      result: { keyId, rotationId, next: 'refuse', message: failure },
      change: {
        after: failed(record, rotation, failure, nowMs),
        ...(await destroyPendingSeal(deps.store, keyId, rotation)),
        entry: {
          action: 'rotation.failed',
          actor: machineActor(rotationId),
          atMs: nowMs,
          rotationId,
          reason: failure,
          detail: { at: rotation.status },
        },
      },
    };
  });
}
