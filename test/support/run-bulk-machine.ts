/** Runs the machine of emergencies of many keys in process by its own file: tasks answer as told, nothing waits. */
import { readFileSync } from 'node:fs';
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { placeholder } from './scripted-machine.ts';

export const BULK_DEFINITION_TEXT = readFileSync(
  new URL('../../state-machines/bulk-emergency.asl.json', import.meta.url),
  'utf8',
);

const STEPS_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:bulk';
export const BATCHES_AT_ONCE = 4;

/** The file as the infrastructure and CloudFormation put it in place. */
const filledIn = (): StateMachineDefinition =>
  JSON.parse(
    BULK_DEFINITION_TEXT.replace(`"${placeholder('BatchesAtOnce')}"`, String(BATCHES_AT_ONCE))
      .replaceAll(placeholder('LambdaInvoke'), 'arn:aws:states:::lambda:invoke')
      .replaceAll(placeholder('BulkEmergencyFunctionArn'), STEPS_ARN),
  );

export const BULK_DEFINITION = filledIn();

/** The machine that each batch runs. */
const childOf = ({ States }: StateMachineDefinition): StateMachineDefinition =>
  (States['RotateAll'] as unknown as { readonly ItemProcessor: StateMachineDefinition }).ItemProcessor;

export const CHILD_DEFINITION = childOf(BULK_DEFINITION);

const MACHINE = new StateMachine(BULK_DEFINITION);

/** The same, but for a map that fails with its first child: as one fails that may not start any. */
export function machineWithFailingMap(): StateMachine {
  const definition = filledIn();
  const advance = childOf(definition).States['Advance'] as unknown as { Catch: object[] };
  advance.Catch = [{ ErrorEquals: ['NothingThatComes'], Next: 'LeftToNextPlan' }];
  return new StateMachine(definition);
}

type Payload = Readonly<Record<string, unknown>>;
/** @throws what the function throws */
export type BulkScript = Readonly<Record<string, (payload: Payload, call: number) => object>>;

export interface BulkMachineRun {
  /** States of the run's own execution, in the order in which they were entered. */
  readonly visited: readonly string[];
  /** Of each child execution. */
  readonly children: readonly (readonly string[])[];
  readonly payloads: readonly Payload[];
  /** What each state was given. */
  readonly inputs: readonly unknown[];
  readonly outcome:
    | { readonly status: 'succeeded'; readonly output: unknown }
    | { readonly status: 'failed'; readonly error: string; readonly cause: unknown };
}

const statesOf = (type: string): string[] =>
  [BULK_DEFINITION, CHILD_DEFINITION].flatMap(({ States }) =>
    Object.entries(States).flatMap(([name, state]) => (state.Type === type ? [name] : [])),
  );

export const BULK_TASKS = statesOf('Task');

const toEach = <Value>(names: readonly string[], value: (name: string) => Value) =>
  Object.fromEntries(names.map((name) => [name, value(name)]));

export async function runBulkMachine(
  script: BulkScript,
  input: object,
  machine = MACHINE,
): Promise<BulkMachineRun> {
  const payloads: Payload[] = [];
  const answering = (task: string) => {
    let calls = 0;
    return (parameters: unknown) => {
      const { FunctionName, Payload } = parameters as { FunctionName: string; Payload: Payload };
      if (FunctionName !== STEPS_ARN) throw new Error(`${task} calls ${FunctionName}.`);
      payloads.push(Payload);
      const answer = script[task];
      if (!answer) throw new Error(`No answer is scripted for ${task}.`);
      calls += 1;
      return { StatusCode: 200, Payload: answer(Payload, calls) } as never;
    };
  };
  const execution = machine.run(input as never, {
    overrides: {
      taskResourceLocalHandlers: toEach(BULK_TASKS, answering),
      waitTimeOverrides: toEach(statesOf('Wait'), () => 0),
      retryIntervalOverrides: toEach(BULK_TASKS, () => 0),
    },
  });
  // Its events say the same.
  execution.result.catch(() => undefined);
  return { payloads, ...(await followed(execution)) };
}

async function followed(
  execution: ReturnType<typeof MACHINE.run>,
): Promise<Omit<BulkMachineRun, 'payloads'>> {
  const visited: string[] = [];
  const children: string[][] = [];
  const open = new Map<number, string[]>();
  const inputs: unknown[] = [];
  let outcome: BulkMachineRun['outcome'] | undefined;
  for await (const event of execution.eventLogs) {
    if (event.type === 'ExecutionSucceeded') outcome = { status: 'succeeded', output: event.output };
    if (event.type === 'ExecutionFailed')
      outcome = { status: 'failed', error: event.Error, cause: event.Cause };
    if (event.type !== 'StateEntered') continue;
    const { name } = event.state;
    inputs.push(event.state.input);
    if (event.index === undefined) {
      visited.push(name);
      continue;
    }
    const child = open.get(event.index) ?? [];
    if (child.length === 0) children.push(child);
    child.push(name);
    if (CHILD_DEFINITION.States[name]?.Type === 'Pass') open.delete(event.index);
    else open.set(event.index, child);
  }
  if (!outcome) throw new Error('The execution did not end.');
  return { visited, children, inputs, outcome };
}
