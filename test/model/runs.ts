/** The service that runs the machine of emergencies of many keys, with a child for each batch. */
import type { ExecutionState, RotationStarter } from '../../lambdas/core/ports/ambient.ts';
import type { PlanPlace } from '../../lambdas/core/use-cases/plan-emergency.ts';
import { type Definition, RUN } from './machine-definition.ts';

export interface RunInput {
  readonly runId: string;
  readonly attempt: number;
  readonly place: PlanPlace | null;
  readonly keyIds: readonly string[];
  readonly round: number;
}

/** What a step's answer tells the machine. */
interface Answer {
  readonly next: string;
  readonly place?: PlanPlace;
  readonly keyIds?: readonly string[];
  readonly round?: number;
  readonly batches?: readonly { readonly keyIds: readonly string[] }[];
  readonly waitSeconds?: number;
}

interface Branch {
  readonly definition: Definition;
  /** Undefined once it is over. */
  state: string | undefined;
  input: RunInput;
  waitUntilMs: number;
  isBusy: boolean;
}

export interface RunExecution extends Branch {
  readonly name: string;
  readonly runId: string;
  readonly attempt: number;
  children: Branch[];
  readonly ran: RunTask[];
}

export interface RunTask {
  readonly execution: RunExecution;
  readonly kind: string;
  readonly input: RunInput;
  readonly begin: () => void;
  readonly end: (answer: Answer, nowMs: number) => void;
  /** After the answer, or after what came instead. */
  readonly release: (failedWith: string | undefined) => void;
}

const arnOf = (name: string): string => `arn:aws:states:::execution:run:${name}`;

export class Runs implements RotationStarter {
  readonly executions: RunExecution[] = [];

  async start(name: string, request: unknown): Promise<string> {
    if (!this.executions.some((execution) => execution.name === name)) {
      const { runId, attempt, place } = request as RunInput;
      const input = { runId, attempt, place, keyIds: [], round: 0 };
      const branch = { definition: RUN, state: RUN.first, input, waitUntilMs: 0, isBusy: false };
      this.executions.push({ ...branch, name, runId, attempt, children: [], ran: [] });
    }
    return arnOf(name);
  }

  arnOf(name: string): string {
    return arnOf(name);
  }

  async stateOf(arn: string): Promise<ExecutionState> {
    const execution = this.executions.find(({ name }) => arnOf(name) === arn);
    if (!execution) return 'not-found';
    return execution.state === undefined ? 'ended' : 'running';
  }
}

/** The task that an execution comes to next; undefined while it waits, and once it is over. */
export function nextOf(execution: RunExecution, nowMs: number): RunTask | undefined {
  if (execution.state === undefined) return undefined;
  const branches = execution.definition.typeOf(execution.state) === 'Map' ? execution.children : [execution];
  const able = branches.find(
    ({ definition, state, isBusy, waitUntilMs }) =>
      state !== undefined && !isBusy && (definition.typeOf(state) !== 'Wait' || waitUntilMs <= nowMs),
  );
  return able && taskOf(execution, able);
}

function taskOf(execution: RunExecution, branch: Branch): RunTask {
  const { definition } = branch;
  const at = branch.state as string;
  const state = definition.typeOf(at) === 'Wait' ? definition.next(at, '') : at;
  const task: RunTask = {
    execution,
    kind: definition.stepOf(state) as string,
    input: branch.input,
    begin: () => {
      branch.state = state;
      branch.isBusy = true;
      execution.ran.push(task);
    },
    end: (answer, nowMs) => {
      if (execution.state === undefined) return;
      branch.input = { ...branch.input, ...answer };
      branch.waitUntilMs = nowMs + (answer.waitSeconds ?? 0) * 1000;
      execution.children =
        (answer.batches ?? []).length > 0 ? childrenOf(answer, branch.input, state) : execution.children;
      goOn(execution, branch, definition.next(state, answer.next));
    },
    release: (failedWith) => {
      branch.isBusy = false;
      const isCaught = branch.state === state && definition.isFinal(state, failedWith ?? '');
      const caught = definition.catchOf(state);
      if (isCaught && caught !== undefined) goOn(execution, branch, caught);
    },
  };
  return task;
}

function childrenOf({ batches = [], next }: Answer, input: RunInput, state: string): Branch[] {
  const definition = RUN.within(RUN.next(state, next));
  return batches.map(({ keyIds }) => ({
    definition,
    state: definition.first,
    input: { ...input, keyIds, round: 0 },
    waitUntilMs: 0,
    isBusy: false,
  }));
}

/** A map is over with its last child. */
function goOn(execution: RunExecution, branch: Branch, state: string): void {
  branch.state = branch.definition.isEnd(state) ? undefined : state;
  const isMap = execution.state !== undefined && RUN.typeOf(execution.state) === 'Map';
  if (isMap && execution.children.every((child) => child.state === undefined)) {
    execution.state = RUN.next(execution.state as string, '');
  }
}
