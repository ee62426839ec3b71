/** The step of one batch, repeated: orders the rotation of each key that needs one, and says what became of it. */
import { advanceKey } from './advance-key.ts';
import { type EmergencyDeps, type RunStep, runOf } from './emergency-deps.ts';

export interface AdvanceInput extends RunStep {
  readonly keyIds: readonly string[];
  /** How often this batch has been waited for. */
  readonly round: number;
}

export interface AdvanceResult extends AdvanceInput {
  readonly next: 'wait' | 'done';
  readonly waitSeconds: number;
}

/** A rotation that nothing delays has refused the old version by the first; one that is tried again takes minutes. */
const WAITS_SECONDS = [2, 2, 3, 5];
const LONG_WAIT_SECONDS = 10;
/** Longer than a key may take before it counts as failed: only a key that cannot be read is left then. */
const MOST_ROUNDS = 90;

/** Keys that are settled drop out: what is waited for are the others. One that cannot be read keeps no other back. */
export async function advanceEmergency(
  deps: EmergencyDeps,
  { runId, attempt, keyIds, round }: AdvanceInput,
): Promise<AdvanceResult> {
  const run = await runOf(deps, { runId, attempt });
  const known = await deps.runs.findKeys(runId, keyIds);
  const settled = await Promise.all(
    keyIds.map(async (keyId) => {
      try {
        return await advanceKey(deps, { run, attempt, keyId, known: known.get(keyId) });
      } catch (error) {
        deps.onFailure(keyId, error);
        return false;
      }
    }),
  );
  const left = keyIds.filter((_, index) => !settled[index]);
  const next = left.length > 0 && round < MOST_ROUNDS ? 'wait' : 'done';
  const waitSeconds = WAITS_SECONDS[round] ?? LONG_WAIT_SECONDS;
  return { runId, attempt, keyIds: left, round: round + 1, next, waitSeconds };
}
