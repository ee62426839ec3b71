/** The rotation that stands in the way of another, ended where that may be. */
import { failed } from '../domain/rotation-steps.ts';
import { changeKey, type Decision } from './change-key.ts';
import { isOrphaned } from './is-orphaned.ts';
import { overtakes } from './overtakes.ts';
import { machineActor, type RotationDeps } from './rotation-deps.ts';
import type { RotationOrder } from './rotation-request.ts';

/**
 * Ends the rotation that is in the way, if it may be: one that nobody would end any more, or one that an emergency does
 * not wait for.
 *
 * @returns whether the key may be free now
 */
export async function clearTheWay(
  deps: RotationDeps,
  keyId: string,
  order: RotationOrder,
  rotationId: string,
): Promise<boolean> {
  const running = (await deps.store.find(keyId))?.rotation;
  if (!running || running.rotationId === rotationId) return true;
  const overtaken = overtakes(order, running);
  if (!overtaken && !(await isOrphaned(deps.executions, running, deps.clock()))) return false;
  const failure = overtaken
    ? `Emergency ${rotationId} takes over.`
    : `Its execution ended without ending it; rotation ${rotationId} takes over.`;
  await changeKey(deps.store, keyId, (record): Decision<void> => {
    if (!record || record.rotation?.rotationId !== running.rotationId) return { result: undefined };
    return {
      result: undefined,
      change: {
        after: failed(record, record.rotation, failure, deps.clock()),
        entry: {
          action: 'rotation.taken-over',
          actor: machineActor(rotationId),
          atMs: deps.clock(),
          rotationId: running.rotationId,
          reason: failure,
          detail: { takenOverBy: rotationId },
        },
      },
    };
  });
  if (overtaken && running.executionArn) await deps.executions.stop(running.executionArn, failure);
  return true;
}
