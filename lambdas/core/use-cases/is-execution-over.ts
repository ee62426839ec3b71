import { HOUR_MS } from '../../../rules/time-units.ts';
import type { Executions } from '../ports/ambient.ts';

/** An execution that is not found this long after it started is not new: its history is gone. */
const SURELY_VISIBLE_AFTER_MS = HOUR_MS;

/** Whether an execution goes on no more. */
export async function isExecutionOver(
  executions: Pick<Executions, 'stateOf'>,
  executionArn: string,
  startedAtMs: number,
  nowMs: number,
): Promise<boolean> {
  const state = await executions.stateOf(executionArn);
  if (state === 'not-found') return nowMs - startedAtMs > SURELY_VISIBLE_AFTER_MS;
  return state === 'ended';
}
