/** Plays a state machine's own file in this process, with the real functions, in virtual time. */
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { historyEvents } from './history.ts';

export interface Playing {
  /** The file as CloudFormation puts it in place. */
  readonly definition: StateMachineDefinition;
  readonly name: string;
  readonly arn: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly startedAtMs: number;
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
  /** Somebody stops the execution when it comes to a wait. */
  readonly stopsInWait?: boolean;
}

export interface Played {
  /** Names of the states entered: each is one transition. */
  readonly visited: readonly string[];
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
export async function play(playing: Playing): Promise<Played> {
  const { definition, input, stopsInWait = false } = playing;
  const states = definition.States as Readonly<Record<string, { readonly Type: string }>>;
  const each = <Value>(type: string, value: Value) =>
    Object.fromEntries(
      Object.entries(states).flatMap(([name, { Type }]) => (Type === type ? [[name, value]] : [])),
    );
  const run = new StateMachine(definition).run(
    input as never,
    {
      context: {
        Execution: {
          Id: playing.arn,
          Name: playing.name,
          Input: { ...input },
          StartTime: new Date(playing.startedAtMs).toISOString(),
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
  let ended = '';
  for await (const event of run.eventLogs) {
    if (event.type === 'StateEntered') {
      visited.push(event.state.name);
      if (stopsInWait && event.state.type === 'Wait') run.abort();
    }
    if (event.type.startsWith('Execution')) ended = event.type;
  }
  if (ended !== (stopsInWait ? 'ExecutionAborted' : 'ExecutionSucceeded')) {
    throw new Error(`The execution ${playing.name} ended as ${ended} after ${visited.join(', ')}.`);
  }
  const types = visited.map((name) => states[name]?.Type ?? '');
  return { visited, historyEvents: historyEvents(types, stopsInWait) };
}
