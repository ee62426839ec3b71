/** Which executions of the rotation machine run: all that nobody stopped. */
import type {
  ExecutionLook,
  ExecutionLooker,
  ExecutionState,
  Executions,
} from '../../lambdas/core/ports/ambient.ts';

export const arnOf = (rotationId: string): string => `arn:aws:states:::execution:rotation:${rotationId}`;

export class MemoryExecutions implements Executions, ExecutionLooker {
  readonly #states = new Map<string, ExecutionState>();
  readonly #causes = new Map<string, string>();

  async stateOf(executionArn: string): Promise<ExecutionState> {
    return this.#states.get(executionArn) ?? 'running';
  }

  async look(executionArn: string): Promise<ExecutionLook> {
    const cause = this.#causes.get(executionArn);
    return { state: await this.stateOf(executionArn), ...(cause === undefined ? {} : { cause }) };
  }

  async stop(executionArn: string): Promise<void> {
    this.#states.set(executionArn, 'ended');
  }

  kill(rotationId: string): void {
    this.#states.set(arnOf(rotationId), 'ended');
  }

  fail(rotationId: string, cause: string): void {
    this.kill(rotationId);
    this.#causes.set(arnOf(rotationId), cause);
  }

  forget(rotationId: string): void {
    this.#states.set(arnOf(rotationId), 'not-found');
  }
}
