/** Executions of the rotation machine. */
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ExecutionState, Executions } from '../../core/ports/ambient.ts';

export class MachineExecutions implements Executions {
  readonly #client: SFNClient;
  readonly #machineArn: string;

  constructor(client: SFNClient, machineArn: string) {
    this.#client = client;
    this.#machineArn = machineArn;
  }

  /** An execution of the same name is the same rotation: not an error. */
  async start(
    rotationId: string,
    request: unknown,
  ): Promise<{ readonly executionArn: string; readonly existed: boolean }> {
    try {
      const { executionArn } = await this.#client.send(
        new StartExecutionCommand({
          stateMachineArn: this.#machineArn,
          name: rotationId,
          input: JSON.stringify(request),
        }),
      );
      return { executionArn: executionArn as string, existed: false };
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
      return { executionArn: this.arnOf(rotationId), existed: true };
    }
  }

  arnOf(rotationId: string): string {
    return `${this.#machineArn.replace(':stateMachine:', ':execution:')}:${rotationId}`;
  }

  /** Eventually consistent, as the service's documentation says: an execution may not be there yet. */
  async stateOf(executionArn: string): Promise<ExecutionState> {
    try {
      const { status } = await this.#client.send(new DescribeExecutionCommand({ executionArn }));
      return status === 'RUNNING' || status === 'PENDING_REDRIVE' ? 'running' : 'ended';
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return 'not-found';
      throw error;
    }
  }
}
