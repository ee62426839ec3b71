/** The rotation machine in memory: executions by name, each of which does one step when it is told to. */
import type { ExecutionState, MachineStarter } from '../../lambdas/core/ports/ambient.ts';
import { deliverVersion, noteUndelivered } from '../../lambdas/core/use-cases/deliver-version.ts';
import type { StepResult } from '../../lambdas/core/use-cases/rotation-deps.ts';
import { Execution, type RotationRequest, type StepName } from './machine.ts';
import { arnOf } from './memory-executions.ts';
import type { MemoryWorld } from './memory-world.ts';

type State = StepName | 'deliver' | 'wait';

interface Running {
  readonly execution: Execution;
  /** Undefined once it is over. */
  next: State | undefined;
  busy: boolean;
  failures: number;
}

const MOST_TRIES = 4;

export class MemoryMachine implements MachineStarter {
  readonly #world: MemoryWorld;
  readonly #running = new Map<string, Running>();
  /** Every start that made an execution. */
  readonly started: { readonly rotationId: string; readonly request: RotationRequest }[] = [];

  constructor(world: MemoryWorld) {
    this.#world = world;
  }

  readonly arnOf = arnOf;

  async start(rotationId: string, request: unknown): Promise<string> {
    if (!this.#running.has(rotationId)) {
      const { keyId, ...rest } = request as RotationRequest & { readonly keyId: string };
      this.started.push({ rotationId, request: request as RotationRequest });
      const execution = new Execution(this.#world, keyId, rotationId, rest);
      this.#running.set(rotationId, { execution, next: 'begin', busy: false, failures: 0 });
    }
    return arnOf(rotationId);
  }

  readonly stateOf = async (executionArn: string): Promise<ExecutionState> => {
    const running = [...this.#running].find(([rotationId]) => arnOf(rotationId) === executionArn)?.[1];
    if (!running) return 'not-found';
    return running.next === undefined ? 'ended' : 'running';
  };

  /** Ended by hand, without a word to the key. */
  kill(rotationId: string): void {
    const running = this.#running.get(rotationId);
    if (running) running.next = undefined;
    this.#world.executions.kill(rotationId);
  }

  /** Each execution that does not wait does its next step, those excepted. */
  async stepAll(...except: readonly State[]): Promise<void> {
    for (const rotationId of this.#running.keys()) await this.step(rotationId, ...except);
  }

  /** Until every execution is over or waits for clients. */
  async drain(): Promise<void> {
    const moves = ({ next, busy }: Running) => !busy && next !== undefined && next !== 'wait';
    while ([...this.#running.values()].some(moves)) await this.stepAll();
  }

  /** One execution, until it is over or waits for clients. */
  async run(rotationId: string): Promise<void> {
    for (;;) {
      const next = this.#running.get(rotationId)?.next;
      if (next === undefined || next === 'wait') return;
      await this.step(rotationId);
    }
  }

  async step(rotationId: string, ...except: readonly State[]): Promise<void> {
    const running = this.#running.get(rotationId);
    const state = running?.next;
    if (!running || running.busy || state === undefined || state === 'wait' || except.includes(state)) return;
    running.busy = true;
    try {
      running.next = follow(state, await this.#run(running.execution, state));
    } catch (error) {
      running.failures += 1;
      if (running.failures >= MOST_TRIES) running.next = await this.#fail(running.execution, state, error);
    } finally {
      running.busy = false;
    }
    if (running.next === undefined) this.#world.executions.kill(rotationId);
  }

  #run(execution: Execution, state: StepName | 'deliver'): Promise<StepResult> {
    const { keyId, rotationId } = execution;
    return state === 'deliver'
      ? deliverVersion(this.#world.deps, { keyId, rotationId })
      : execution.run(state);
  }

  async #fail(execution: Execution, state: State, error: unknown): Promise<State | undefined> {
    const { keyId, rotationId } = execution;
    const failure = String(error);
    if (state === 'deliver') {
      const { next } = await noteUndelivered(this.#world.deps, { keyId, rotationId, failure });
      return next === 'wait' ? 'wait' : undefined;
    }
    await execution.abandon(failure);
    return undefined;
  }
}

/** As the machine's file goes on. */
function follow(state: StepName | 'deliver', { next }: StepResult): State | undefined {
  if (state === 'activate') return 'deliver';
  switch (next) {
    case 'generate':
    case 'verify':
    case 'activate':
    case 'wait':
    case 'retire':
      return next;
    default:
      return undefined;
  }
}
