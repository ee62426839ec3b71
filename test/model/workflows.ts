/** The service that runs machines whose steps hand on what they answer, with a child for each item of a map. */
import type { ExecutionState, MachineStarter } from '../../lambdas/core/ports/ambient.ts';
import type { Definition } from './machine-definition.ts';

/** What a step's answer tells the machine; all of it is what the next state is given. */
export interface Answer {
  readonly next: string;
  readonly batches?: readonly object[];
  readonly waitSeconds?: number;
  readonly waitUntil?: string;
}

interface Branch {
  readonly definition: Definition;
  /** Undefined once it is over. */
  state: string | undefined;
  input: object;
  waitUntilMs: number;
  isBusy: boolean;
}

export interface Workflow extends Branch {
  readonly name: string;
  /** What it was started with. */
  readonly request: object;
  children: Branch[];
  readonly ran: WorkflowTask[];
}

export interface WorkflowTask {
  readonly workflow: Workflow;
  readonly kind: string;
  readonly input: object;
  readonly begin: () => void;
  readonly end: (answer: Answer, nowMs: number) => void;
  /** After the answer, or after what came instead. */
  readonly release: (failedWith: string | undefined) => void;
}

export class Workflows implements MachineStarter {
  readonly executions: Workflow[] = [];
  readonly #definition: Definition;
  readonly #machine: string;

  constructor(machine: string, definition: Definition) {
    this.#machine = machine;
    this.#definition = definition;
  }

  async start(name: string, request: unknown): Promise<string> {
    if (!this.executions.some((execution) => execution.name === name)) {
      this.executions.push({
        definition: this.#definition,
        state: this.#definition.first,
        input: request as object,
        request: request as object,
        waitUntilMs: 0,
        isBusy: false,
        name,
        children: [],
        ran: [],
      });
    }
    return this.arnOf(name);
  }

  arnOf(name: string): string {
    return `arn:aws:states:::execution:${this.#machine}:${name}`;
  }

  async stateOf(arn: string): Promise<ExecutionState> {
    const execution = this.executions.find(({ name }) => this.arnOf(name) === arn);
    if (!execution) return 'not-found';
    return execution.state === undefined ? 'ended' : 'running';
  }

  /** Tasks that may run now, one of each execution. */
  able(nowMs: number): readonly WorkflowTask[] {
    return this.executions.flatMap((execution) => nextOf(execution, nowMs) ?? []);
  }

  /** When each that waits goes on. */
  get waits(): readonly { readonly waitUntilMs: number; readonly label: string }[] {
    return this.executions
      .filter(({ state }) => state !== undefined)
      .flatMap((execution) =>
        [execution, ...execution.children]
          .filter(({ definition, state }) => state !== undefined && definition.typeOf(state) === 'Wait')
          .map(({ waitUntilMs }) => ({ waitUntilMs, label: execution.name })),
      );
  }
}

/** The task that an execution comes to next; undefined while it waits, and once it is over. */
function nextOf(workflow: Workflow, nowMs: number): WorkflowTask | undefined {
  if (workflow.state === undefined) return undefined;
  const branches = workflow.definition.typeOf(workflow.state) === 'Map' ? workflow.children : [workflow];
  const able = branches.find(
    ({ definition, state, isBusy, waitUntilMs }) =>
      state !== undefined && !isBusy && (definition.typeOf(state) !== 'Wait' || waitUntilMs <= nowMs),
  );
  return able && taskOf(workflow, able);
}

function taskOf(workflow: Workflow, branch: Branch): WorkflowTask {
  const { definition } = branch;
  const at = branch.state as string;
  const state = definition.typeOf(at) === 'Wait' ? definition.next(at, '') : at;
  const task: WorkflowTask = {
    workflow,
    kind: definition.stepOf(state) as string,
    input: branch.input,
    begin: () => {
      branch.state = state;
      branch.isBusy = true;
      workflow.ran.push(task);
    },
    end: (answer, nowMs) => {
      if (workflow.state === undefined) return;
      const { waitSeconds = 0, waitUntil } = answer;
      branch.input = answer;
      branch.waitUntilMs = waitUntil === undefined ? nowMs + waitSeconds * 1000 : Date.parse(waitUntil);
      const next = definition.next(state, answer.next);
      if (definition.typeOf(next) === 'Map') workflow.children = childrenOf(definition.within(next), answer);
      goOn(workflow, branch, next);
    },
    release: (failedWith) => {
      branch.isBusy = false;
      const isCaught = branch.state === state && definition.isFinal(state, failedWith ?? '');
      const caught = definition.catchOf(state);
      if (isCaught && caught !== undefined) goOn(workflow, branch, caught);
    },
  };
  return task;
}

/** As the map's selector says: what the run hands on, the item, and that it is the first round of it. */
function childrenOf(definition: Definition, { batches = [], ...input }: Answer): Branch[] {
  return batches.map((item) => ({
    definition,
    state: definition.first,
    input: { ...input, ...item, round: 0 },
    waitUntilMs: 0,
    isBusy: false,
  }));
}

/** A map is over with its last child. */
function goOn(workflow: Workflow, branch: Branch, state: string): void {
  branch.state = branch.definition.isEnd(state) ? undefined : state;
  const { definition, state: at, children } = workflow;
  const isMap = at !== undefined && definition.typeOf(at) === 'Map';
  if (isMap && children.every((child) => child.state === undefined)) {
    workflow.state = definition.next(at, '');
  }
}
