/** Plays a state machine's own file in this process, with the real functions, in virtual time. */
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { historyEvents } from './history.ts';

/** A machine that can be played many times: checking its definition takes longer than most plays. */
export interface Playable {
  readonly machine: StateMachine;
  /** Those of a map's children too. */
  readonly states: States;
}

interface State {
  readonly Type: string;
  readonly ItemProcessor?: { readonly States: States };
}
type States = Readonly<Record<string, State>>;

/** @param definition the file as CloudFormation puts it in place */
export function playable(definition: StateMachineDefinition): Playable {
  const virtual = inVirtualTime(definition);
  return { machine: new StateMachine(virtual), states: withChildren(virtual.States as States) };
}

const withChildren = (states: States): States =>
  Object.assign({}, states, ...Object.values(states).map(({ ItemProcessor }) => ItemProcessor?.States));

export interface Playing {
  readonly name: string;
  readonly arn: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly startedAtMs: number;
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
  /** Somebody stops the execution when it comes to a wait. */
  readonly stopsInWait?: boolean;
}

export interface Played {
  /** Names of the states entered, by children of a map too: each is one transition. */
  readonly visited: readonly string[];
  /** With the children. */
  readonly executions: number;
  readonly historyEvents: number;
}

/** Longer than anything that is done before an execution is stopped. */
const UNTIL_STOPPED_MS = 3_600_000;

// The library calls it once a task; Node.js has it from version 22 on.
(Promise as { withResolvers?: unknown }).withResolvers ??= () => {
  let settle: Record<string, unknown> = {};
  const promise = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
};

/** @throws when the execution ends in another way than it should */
export async function play({ machine, states }: Playable, playing: Playing): Promise<Played> {
  const { input, stopsInWait = false } = playing;
  const each = <Value>(type: string, value: Value) =>
    Object.fromEntries(
      Object.entries(states).flatMap(([name, { Type }]) => (Type === type ? [[name, value]] : [])),
    );
  const run = machine.run(
    input as never,
    {
      context: {
        Execution: {
          Id: playing.arn,
          Name: playing.name,
          Input: { ...input },
          VirtualStartTime: new Date(playing.startedAtMs).toISOString(),
        },
      },
      overrides: {
        taskResourceLocalHandlers: each('Task', async (parameters: unknown) => {
          const { FunctionName, Payload } = parameters as { FunctionName: string; Payload: unknown };
          return { StatusCode: 200, Payload: await playing.invoke(FunctionName, Payload) };
        }),
        waitTimeOverrides: each('Wait', stopsInWait ? UNTIL_STOPPED_MS : 0),
      },
    } as Parameters<StateMachine['run']>[1],
  );
  run.result.catch(() => undefined);
  const visited: string[] = [];
  let executions = 1;
  let ended = '';
  for await (const event of run.eventLogs) {
    if (event.type === 'StateEntered') {
      visited.push(event.state.name);
      if (stopsInWait && event.state.type === 'Wait') run.abort();
    }
    if (event.type === 'MapIterationStarted') executions += 1;
    if (event.type.startsWith('Execution')) ended = event.type;
  }
  if (ended !== (stopsInWait ? 'ExecutionAborted' : 'ExecutionSucceeded')) {
    throw new Error(`The execution ${playing.name} ended as ${ended} after ${visited.join(', ')}.`);
  }
  const types = visited.map((name) => states[name]?.Type ?? '');
  return { visited, executions, historyEvents: historyEvents(types, stopsInWait, executions) };
}

/** The library gives every execution the start that the real clock shows, whatever it is told. */
const inVirtualTime = (definition: StateMachineDefinition): StateMachineDefinition =>
  JSON.parse(
    JSON.stringify(definition).replaceAll(
      '"$$.Execution.StartTime"',
      () => '"$$.Execution.VirtualStartTime"',
    ),
  );
