/** Step after the dual-key write, and after each reminder: the new key goes to its owner. The rotation waits whatever becomes of it. */
import { noteFailure } from './note-failure.ts';
import { offerVersion } from './offer-version.ts';
import {
  machineActor,
  type RotationDeps,
  type StepInput,
  type StepResult,
  waiting,
} from './rotation-deps.ts';

/** Throws what the place or the sender throws, to be tried again. Repeated, it sends nothing twice. */
export async function deliverVersion(deps: RotationDeps, step: StepInput): Promise<StepResult> {
  const { keyId, rotationId } = step;
  await offerVersion(deps, keyId, { actor: machineActor(rotationId), rotationId });
  return afterDelivery(deps, step);
}

/** It could not be delivered, however often it was tried: that is on record, and the old version stays meanwhile. */
export async function noteUndelivered(
  deps: RotationDeps,
  { keyId, rotationId, failure }: StepInput & { readonly failure: string },
): Promise<StepResult> {
  await noteFailure(deps, keyId, { actor: machineActor(rotationId), rotationId }, failure);
  return afterDelivery(deps, { keyId, rotationId });
}

/** A rotation that is over, as an immediate emergency is by now, has nothing to wait for. */
async function afterDelivery(deps: RotationDeps, step: StepInput): Promise<StepResult> {
  const record = await deps.store.find(step.keyId);
  return record?.rotation?.rotationId === step.rotationId
    ? waiting(record)
    : { keyId: step.keyId, rotationId: step.rotationId, next: 'done' };
}
