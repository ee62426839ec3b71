/** The service that runs the rotation machine: its executions, and what is told of them. */
import type { ExecutionState, Executions, RotationStarter } from '../../lambdas/core/ports/ambient.ts';
import { FIRST_STATE } from './machine-definition.ts';

export interface Execution {
  /** As the story calls it. */
  readonly label: string;
  readonly rotationId: string;
  readonly arn: string;
  readonly keyId: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly startedAtMs: number;
  /** Where it stands; undefined once it is over. */
  state: string | undefined;
  waitUntilMs: number;
  /** The tasks that ran, for late repetitions of them. */
  readonly ran: string[];
  isBusy: boolean;
  isForgotten: boolean;
  /** Of one that a sweep started: the key, its due date then, and the day. */
  sweptFor: string | undefined;
  failure: string;
}

const arnOf = (rotationId: string): string => `arn:aws:states:::execution:rotation:${rotationId}`;

export class Machine implements Executions, RotationStarter {
  readonly executions: Execution[] = [];
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  async start(rotationId: string, request: unknown): Promise<string> {
    if (!this.of(rotationId)) {
      const fields = request as Readonly<Record<string, unknown>>;
      this.executions.push({
        label: `r${this.executions.length + 1}`,
        rotationId,
        arn: arnOf(rotationId),
        keyId: String(fields['keyId']),
        request: fields,
        // As the service tells it, in whole seconds at least.
        startedAtMs: this.#clock(),
        state: FIRST_STATE,
        waitUntilMs: 0,
        ran: [],
        isBusy: false,
        isForgotten: false,
        sweptFor: undefined,
        failure: 'The retries are used up.',
      });
    }
    return arnOf(rotationId);
  }

  arnOf(rotationId: string): string {
    return arnOf(rotationId);
  }

  async stateOf(executionArn: string): Promise<ExecutionState> {
    const execution = this.executions.find(({ arn }) => arn === executionArn);
    if (!execution || execution.isForgotten) return 'not-found';
    return execution.state === undefined ? 'ended' : 'running';
  }

  async stop(executionArn: string): Promise<void> {
    const execution = this.executions.find(({ arn }) => arn === executionArn);
    if (execution) execution.state = undefined;
  }

  of(rotationId: string | undefined): Execution | undefined {
    return this.executions.find((execution) => execution.rotationId === rotationId);
  }
}
