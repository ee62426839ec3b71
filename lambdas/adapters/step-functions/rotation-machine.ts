/** Starts rotations. */
import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { RotationStarter } from '../../core/ports/ambient.ts';

export class RotationMachine implements RotationStarter {
  readonly #client: SFNClient;
  readonly #machineArn: string;

  constructor(client: SFNClient, machineArn: string) {
    this.#client = client;
    this.#machineArn = machineArn;
  }

  /** An execution of the same name is the same rotation: not an error. */
  async start(rotationId: string, request: unknown): Promise<string> {
    try {
      const { executionArn } = await this.#client.send(
        new StartExecutionCommand({
          stateMachineArn: this.#machineArn,
          name: rotationId,
          input: JSON.stringify(request),
        }),
      );
      return executionArn as string;
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
      return this.arnOf(rotationId);
    }
  }

  arnOf(rotationId: string): string {
    return `${this.#machineArn.replace(':stateMachine:', ':execution:')}:${rotationId}`;
  }
}
