/** Runs a machine's own file in process: tasks answer as scripted, nothing waits. */
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';

/** How the file names what CloudFormation fills in. */
export const placeholder = (name: string): string => `\${${name}}`;

const STEPS_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:steps';
export const EXECUTION = {
  Id: 'arn:aws:states:eu-west-1:123456789012:execution:Rotation:rot-1',
  Name: 'rot-1',
};

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** What a task answers, or throws. */
export type Answer = { readonly [name: string]: Json } | Error;

/** Answers of each task, in order; the last one holds for every later call. */
export type Script = Readonly<Record<string, readonly Answer[]>>;

export interface MachineRun {
  /** States in the order in which they were entered. */
  readonly visited: readonly string[];
  /** What each state was given. */
  readonly inputs: readonly { readonly state: string; readonly input: Readonly<Record<string, unknown>> }[];
  /** What the function was invoked with, in order. */
  readonly payloads: readonly Readonly<Record<string, unknown>>[];
  readonly outcome:
    | { readonly status: 'succeeded'; readonly output: unknown }
    | { readonly status: 'failed'; readonly error: string; readonly cause: unknown };
}

/** An error as the machine sees a Lambda function's: its name, and JSON text as the cause. */
export class FunctionError extends Error {
  constructor(name: string, message: string) {
    super(JSON.stringify({ errorType: name, errorMessage: message, trace: [] }));
    this.name = name;
  }
}

// The library calls it once a task; Node.js has it from version 22 on.
(Promise as { withResolvers?: unknown }).withResolvers ??= () => {
  let settle: Record<string, unknown> = {};
  const promise = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
};

export interface ScriptedMachine {
  /** The file as CloudFormation puts it in place. */
  readonly definition: StateMachineDefinition;
  /** @param input the execution's own input */
  run(script: Script, input: Readonly<Record<string, string>>): Promise<MachineRun>;
}

/**
 * @param text of the file
 * @param functionName what the file calls the ARN of the function that does its steps
 */
export function scriptedMachine(text: string, functionName: string): ScriptedMachine {
  const definition = JSON.parse(
    text
      .replaceAll(placeholder('LambdaInvoke'), 'arn:aws:states:::lambda:invoke')
      .replaceAll(placeholder(functionName), STEPS_ARN),
  ) as StateMachineDefinition;
  // Made once: its constructor checks the definition against the language's schema, which takes longer than any run.
  const machine = new StateMachine(definition);
  return { definition, run: (script, input) => runScript(machine, definition, script, input) };
}

async function runScript(
  machine: StateMachine,
  definition: StateMachineDefinition,
  script: Script,
  input: Readonly<Record<string, string>>,
): Promise<MachineRun> {
  const payloads: Record<string, unknown>[] = [];
  const answering = (task: string) => {
    const answers = [...(script[task] ?? [])];
    return (parameters: unknown) => {
      const { FunctionName, Payload } = parameters as {
        FunctionName: string;
        Payload: Record<string, unknown>;
      };
      if (FunctionName !== STEPS_ARN) throw new Error(`${task} calls ${FunctionName}.`);
      payloads.push(Payload);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === undefined) throw new Error(`No answer is scripted for ${task}.`);
      if (answer instanceof Error) throw answer;
      return { StatusCode: 200, Payload: { ...answer } };
    };
  };
  const namesOf = (type: string) =>
    Object.entries(definition.States).flatMap(([name, state]) => (state.Type === type ? [name] : []));
  const toEach = <Value>(names: readonly string[], value: (name: string) => Value) =>
    Object.fromEntries(names.map((name) => [name, value(name)]));
  const execution = machine.run(input, {
    context: { Execution: { ...EXECUTION, Input: input } },
    overrides: {
      taskResourceLocalHandlers: toEach(namesOf('Task'), answering),
      waitTimeOverrides: toEach(namesOf('Wait'), () => 0),
      retryIntervalOverrides: toEach(namesOf('Task'), () => 0),
    },
  });
  // Its events say the same.
  execution.result.catch(() => undefined);

  const inputs: MachineRun['inputs'][number][] = [];
  let outcome: MachineRun['outcome'] | undefined;
  for await (const event of execution.eventLogs) {
    if (event.type === 'StateEntered') {
      inputs.push({ state: event.state.name, input: event.state.input as Record<string, unknown> });
    }
    if (event.type === 'ExecutionSucceeded') outcome = { status: 'succeeded', output: event.output };
    if (event.type === 'ExecutionFailed')
      outcome = { status: 'failed', error: event.Error, cause: event.Cause };
  }
  if (!outcome) throw new Error('The execution did not end.');
  return { visited: inputs.map(({ state }) => state), inputs, payloads, outcome };
}
