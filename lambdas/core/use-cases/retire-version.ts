/** Step 6: the old version is refused from now on. Only on a verdict that says so. */
import { NoVerdict } from '../domain/errors.ts';
import { type KeyRecord, versionOf } from '../domain/key-record.ts';
import { refusalFacts, rotationFacts } from '../domain/rotation-facts.ts';
import { oldRetired } from '../domain/rotation-steps.ts';
import { changeRunning } from './change-running.ts';
import type { RotationDeps, StepInput, StepResult } from './rotation-deps.ts';

/** Repeated, it changes nothing but empties the caches again: a crash may have come between the two. */
export async function retireVersion(deps: RotationDeps, step: StepInput): Promise<StepResult> {
  const result = await changeRunning(deps, step, (record, rotation) => {
    if (rotation.verdict?.decision !== 'retire') {
      throw new NoVerdict(
        `Rotation ${step.rotationId} has no verdict that retires version ${rotation.fromVersion}.`,
      );
    }
    const nowMs = deps.clock();
    return {
      result: { ...step, next: 'done' },
      change: {
        after: oldRetired(record, rotation, nowMs),
        entry: {
          action: 'version.retired',
          atMs: nowMs,
          detail: {
            version: rotation.fromVersion,
            evidence: rotation.verdict.evidence,
            ...rotationFacts(rotation),
            ...refusalFacts(rotation, refusedFromMs(record, rotation.fromVersion, nowMs)),
          },
        },
      },
    };
  });
  await deps.caches.flush();
  return result;
}

/** An emergency's bound holds whenever the machine comes to this step. */
const refusedFromMs = (record: KeyRecord, version: number, nowMs: number): number =>
  Math.min(nowMs, versionOf(record, version)?.refuseAfterMs ?? nowMs);
