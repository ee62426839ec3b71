/** When a step fails for good: the key goes back to a state that works, and the rotation says why it failed. */
import { failureText } from '../domain/failure-text.ts';
import type { Rotation } from '../domain/key-record.ts';
import { changeRunning, failing } from './change-running.ts';
import type { RotationDeps, StepInput, StepResult } from './rotation-deps.ts';

/**
 * A pending version is dropped with its sealed key; two accepted versions stay accepted, for the next rotation to
 * judge. The answer always says what failed, whatever became of the rotation.
 */
export async function abandonRotation(
  deps: RotationDeps,
  { keyId, rotationId, failure: whole }: StepInput & { readonly failure: string },
): Promise<StepResult> {
  const failure = failureText(whole);
  const step: StepInput = { keyId, rotationId };
  return changeRunning(
    deps,
    step,
    (record, rotation) => ({
      result: { ...step, next: 'refuse', message: failure },
      change: failing(record, rotation, failure, deps.clock()),
    }),
    async () => {
      const ended = await deps.store.findRotation(keyId, rotationId);
      return { ...step, next: 'refuse', message: withEnd(failure, ended) };
    },
  );
}

/** A step can fail after its write has ended the rotation, or after another has: both facts are worth knowing. */
function withEnd(failure: string, ended: Rotation | undefined): string {
  if (!ended || ended.failure === failure) return failure;
  const why = ended.failure === undefined ? '' : `: ${ended.failure}`;
  return `${failure} (The rotation itself had ended as ${ended.status}${why})`;
}
