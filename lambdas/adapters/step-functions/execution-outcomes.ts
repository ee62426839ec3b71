/** How an execution went, for whoever started it. */
import { DescribeExecutionCommand, ExecutionDoesNotExist, type SFNClient } from '@aws-sdk/client-sfn';

import type { ExecutionOutcome } from '../../core/ports/pepper-rotation.ts';

export class ExecutionOutcomes {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  async of(executionArn: string): Promise<ExecutionOutcome> {
    try {
      const { status, error, cause } = await this.#client.send(
        new DescribeExecutionCommand({ executionArn }),
      );
      if (status === 'SUCCEEDED') return { status: 'succeeded' };
      if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return { status: 'running' };
      return { status: 'failed', ...(error ? { error } : {}), ...(cause ? { cause } : {}) };
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return { status: 'not-found' };
      throw error;
    }
  }
}
