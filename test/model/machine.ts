/** The service that runs the rotation machine: its executions, and what is told of them. */
import type {
  ExecutionLook,
  ExecutionLooker,
  ExecutionState,
  Executions,
  MachineStarter,
} from '../../lambdas/core/ports/ambient.ts';
import { ROTATION } from './machine-definition.ts';

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
  /** Why it failed, if it did. */
  cause: string | undefined;
  /** The tasks that ran, for late repetitions of them. */
  readonly ran: string[];
  isBusy: boolean;
  isForgotten: boolean;
  /** Of one that a sweep started: the key, its due date then, and the day. */
  sweptFor: string | undefined;
  /** Of one that an emergency of many keys ordered: the run, the attempt and the key. */
  orderedFor: string | undefined;
  failure: string;
}

/** @param cause undefined if it succeeded */
export function end(execution: Execution, cause: string | undefined): void {
  if (execution.state !== undefined) execution.cause = cause;
  execution.state = undefined;
}

const arnOf = (rotationId: string): string => `arn:aws:states:::execution:rotation:${rotationId}`;

export class Machine implements Executions, ExecutionLooker, MachineStarter {
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
        state: ROTATION.first,
        waitUntilMs: 0,
        cause: undefined,
        ran: [],
        isBusy: false,
        isForgotten: false,
        sweptFor: undefined,
        orderedFor: undefined,
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

  async look(executionArn: string): Promise<ExecutionLook> {
    const state = await this.stateOf(executionArn);
    const cause = this.executions.find(({ arn }) => arn === executionArn)?.cause;
    return state === 'ended' && cause !== undefined ? { state, cause } : { state };
  }

  async stop(executionArn: string, why: string): Promise<void> {
    const execution = this.executions.find(({ arn }) => arn === executionArn);
    if (execution) end(execution, why);
  }

  of(rotationId: string | undefined): Execution | undefined {
    return this.executions.find((execution) => execution.rotationId === rotationId);
  }
}
