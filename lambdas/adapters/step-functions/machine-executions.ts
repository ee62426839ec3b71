/** Executions of the rotation machine. */
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  type SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ExecutionLook, ExecutionLooker, ExecutionState, Executions } from '../../core/ports/ambient.ts';

export class MachineExecutions implements Executions, ExecutionLooker {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  /** Eventually consistent, as the service's documentation says: an execution may not be there yet. */
  async look(executionArn: string): Promise<ExecutionLook> {
    try {
      const { status, error, cause } = await this.#client.send(
        new DescribeExecutionCommand({ executionArn }),
      );
      if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return { state: 'running' };
      return status === 'SUCCEEDED'
        ? { state: 'ended' }
        : { state: 'ended', cause: cause ?? error ?? `${status}` };
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return { state: 'not-found' };
      throw error;
    }
  }

  async stateOf(executionArn: string): Promise<ExecutionState> {
    return (await this.look(executionArn)).state;
  }

  async stop(executionArn: string, why: string): Promise<void> {
    try {
      await this.#client.send(new StopExecutionCommand({ executionArn, error: 'RotationOver', cause: why }));
    } catch (error) {
      if (!(error instanceof ExecutionDoesNotExist)) throw error;
    }
  }
}
