/** Step 3: the deployed authorizers themselves say that they know the new key, before anybody depends on it. */
import { SealBroken, VerificationFailed } from '../domain/errors.ts';
import { notRunning } from './change-running.ts';
import { findSeal } from './find-seal.ts';
import type { RotationDeps, StepInput, StepResult } from './rotation-deps.ts';

/** Writes nothing. Throws `VerificationFailed` while an authorizer does not know the key. */
export async function verifyVersion(deps: RotationDeps, step: StepInput): Promise<StepResult> {
  const rotation = (await deps.store.find(step.keyId))?.rotation;
  if (rotation?.rotationId !== step.rotationId) return notRunning(step);
  if (rotation.status !== 'verifying') return { ...step, next: 'activate' };

  const version = rotation.toVersion as number;
  const sealed = await findSeal(deps, step.keyId, version);
  if (!sealed) return whereSealIsGone(deps, step, version);
  const key = await deps.sealer.open(sealed);
  const objection = await deps.verifier.verify(key, { keyId: step.keyId, version });
  if (objection) throw new VerificationFailed(objection);
  return { ...step, next: 'activate' };
}

/** Between the two reads a rollback or a revocation may have ended its version, or a repetition of this step come further. */
async function whereSealIsGone(deps: RotationDeps, step: StepInput, version: number): Promise<StepResult> {
  const rotation = (await deps.store.find(step.keyId))?.rotation;
  if (rotation?.rotationId !== step.rotationId) return notRunning(step);
  if (rotation.status !== 'verifying') return { ...step, next: 'activate' };
  throw new SealBroken(`The sealed key of ${step.keyId} version ${version} is gone.`);
}
