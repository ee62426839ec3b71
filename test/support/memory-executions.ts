/** Which executions of the rotation machine run: all that nobody stopped. */
import type { ExecutionState, Executions } from '../../lambdas/core/ports/ambient.ts';

export const arnOf = (rotationId: string): string => `arn:aws:states:::execution:rotation:${rotationId}`;

export class MemoryExecutions implements Executions {
  readonly #states = new Map<string, ExecutionState>();

  async stateOf(executionArn: string): Promise<ExecutionState> {
    return this.#states.get(executionArn) ?? 'running';
  }

  async stop(executionArn: string): Promise<void> {
    this.#states.set(executionArn, 'ended');
  }

  kill(rotationId: string): void {
    this.#states.set(arnOf(rotationId), 'ended');
  }

  forget(rotationId: string): void {
    this.#states.set(arnOf(rotationId), 'not-found');
  }
}
