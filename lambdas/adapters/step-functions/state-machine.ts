/** Starts executions of one state machine. */
import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { MachineStarter } from '../../core/ports/ambient.ts';

export class StateMachine implements MachineStarter {
  readonly #client: SFNClient;
  readonly #machineArn: string;

  constructor(client: SFNClient, machineArn: string) {
    this.#client = client;
    this.#machineArn = machineArn;
  }

  /** An execution of the same name is the same order: not an error. */
  async start(name: string, request: unknown): Promise<string> {
    try {
      const { executionArn } = await this.#client.send(
        new StartExecutionCommand({
          stateMachineArn: this.#machineArn,
          name,
          input: JSON.stringify(request),
        }),
      );
      return executionArn as string;
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
      return this.arnOf(name);
    }
  }

  arnOf(name: string): string {
    return `${this.#machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  }
}
