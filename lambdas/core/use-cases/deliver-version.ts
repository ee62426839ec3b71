/** Step after the dual-key write: the new key goes to its owner. The rotation waits whatever becomes of it. */
import { activeVersion } from '../domain/key-record.ts';
import { replaceVersion } from '../domain/rotation-steps.ts';
import { changeKey, type Decision } from './change-key.ts';
import { findRotation } from './find-rotation.ts';
import { offerVersion } from './offer-version.ts';
import {
  machineActor,
  type RotationDeps,
  type StepInput,
  type StepResult,
  waiting,
} from './rotation-deps.ts';

const LONGEST_FAILURE = 300;

/** Throws what the place or the sender throws, to be tried again. */
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
  await changeKey(deps.store, keyId, async (record): Promise<Decision<void>> => {
    const version = record && activeVersion(record);
    if (!record || !version || version.receivedAtMs !== undefined) return { result: undefined };
    // Of another rotation's version, or of one that was gone back to, this says nothing.
    const rotation = await findRotation(deps.store, record, rotationId);
    if (rotation?.toVersion !== version.version) return { result: undefined };
    const atMs = deps.clock();
    const reason = failure.slice(0, LONGEST_FAILURE);
    const offer = { ...version.offer, by: version.offer?.by ?? record.delivery, atMs, failure: reason };
    return {
      result: undefined,
      change: {
        after: { ...record, versions: replaceVersion(record, { ...version, offer }) },
        entry: {
          action: 'version.not-delivered',
          actor: machineActor(rotationId),
          atMs,
          rotationId,
          reason,
          detail: { version: version.version, by: offer.by },
        },
      },
    };
  });
  return afterDelivery(deps, { keyId, rotationId });
}

/** A rotation that is over, as an immediate emergency is by now, has nothing to wait for. */
async function afterDelivery(deps: RotationDeps, step: StepInput): Promise<StepResult> {
  const record = await deps.store.find(step.keyId);
  return record?.rotation?.rotationId === step.rotationId
    ? waiting(record)
    : { keyId: step.keyId, rotationId: step.rotationId, next: 'done' };
}
