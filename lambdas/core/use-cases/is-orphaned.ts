import type { Rotation } from '../domain/key-record.ts';
import type { Executions } from '../ports/ambient.ts';

/** An execution that is not found this long after it started is not new: its history is gone. */
const SURELY_VISIBLE_AFTER_MS = 3_600_000;

/**
 * Whether a rotation's execution ended without ending the rotation (stopped by hand, out of time). Nobody would end
 * it any more, so another may take over from it.
 */
export async function isOrphaned(
  executions: Pick<Executions, 'stateOf'>,
  rotation: Rotation,
  nowMs: number,
): Promise<boolean> {
  if (!rotation.executionArn) return false;
  const state = await executions.stateOf(rotation.executionArn);
  if (state === 'not-found') return nowMs - rotation.startedAtMs > SURELY_VISIBLE_AFTER_MS;
  return state === 'ended';
}
