import type { Rotation } from '../domain/key-record.ts';
import type { Executions } from '../ports/ambient.ts';
import { isExecutionOver } from './is-execution-over.ts';

/**
 * Whether a rotation's execution ended without ending the rotation (stopped by hand, out of time). Nobody would end
 * it any more, so another may take over from it.
 */
export async function isOrphaned(
  executions: Pick<Executions, 'stateOf'>,
  rotation: Rotation,
  nowMs: number,
): Promise<boolean> {
  const { executionArn, startedAtMs } = rotation;
  return executionArn !== undefined && isExecutionOver(executions, executionArn, startedAtMs, nowMs);
}
