/** Step 4: the dual-key write. From here both versions are accepted, or the old one is refused at once. */
import { StepOutOfOrder } from '../domain/errors.ts';
import { activeVersion, type KeyRecord, type KeyVersion, type Rotation } from '../domain/key-record.ts';
import { refusalFacts, rotationFacts } from '../domain/rotation-facts.ts';
import { activated } from '../domain/rotation-steps.ts';
import { changeRunning, failing, type StepDecision } from './change-running.ts';
import { windowBaseAt } from './migration-facts.ts';
import { type RotationDeps, type StepInput, type StepResult, waiting } from './rotation-deps.ts';

/** One write whichever way it goes. The caches are emptied after it, and again when the step is repeated. */
export async function activateVersion(deps: RotationDeps, step: StepInput): Promise<StepResult> {
  const result = await changeRunning(deps, step, async (record, rotation) => {
    if (rotation.status === 'dual-key') return { result: waiting(record) };
    // Without a new version this write would leave the key with none that is active.
    if (rotation.status !== 'verifying') {
      throw new StepOutOfOrder(`Rotation ${step.rotationId} has no version to activate.`);
    }

    const nowMs = deps.clock();
    const found = usedMeanwhile(record, rotation);
    if (found) return giveUp(record, rotation, found, nowMs);
    const windowBase = await windowBaseAt(deps.uses, step.keyId, rotation, nowMs);
    const after = activated(record, rotation, { nowMs, windowBase });
    return {
      result: rotation.immediate ? { ...step, next: 'done' } : waiting(after),
      change: {
        after,
        entry: {
          action: 'version.activated',
          atMs: nowMs,
          detail: {
            version: rotation.toVersion as number,
            oldVersion: rotation.fromVersion,
            oldVersionIs: rotation.immediate ? 'retired' : 'deprecating',
            ...rotationFacts(rotation),
            ...(rotation.immediate ? refusalFacts(rotation, nowMs) : {}),
          },
        },
      },
    };
  });
  // An answer that API Gateway remembers would outlive the refusal, and hide the warning of a deprecating version.
  await deps.caches.flush();
  return result;
}

/** The version that this rotation replaces as lost, if it was used meanwhile: somebody has it, and would be cut off. */
function usedMeanwhile(record: KeyRecord, { purpose, fromVersion }: Rotation): KeyVersion | undefined {
  const active = activeVersion(record);
  if (purpose === 'emergency' || !active || active.version === fromVersion) return undefined;
  return record.firstUsesMs[String(active.version)] === undefined ? undefined : active;
}

/** Both versions that were accepted stay so, for the next rotation to judge. */
function giveUp(record: KeyRecord, rotation: Rotation, found: KeyVersion, nowMs: number): StepDecision {
  const failure = `Version ${found.version}, which was taken for lost, has been used. Rotate again to judge it.`;
  return {
    result: { keyId: record.keyId, rotationId: rotation.rotationId, next: 'done', message: failure },
    change: failing(record, rotation, failure, nowMs),
  };
}
