/** Plays the rotation machine's file with the real steps, in virtual time: waits move the world's clock. */
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import type { StepResult } from '../../lambdas/core/use-cases/rotation-deps.ts';
import { Execution, type RotationRequest, type StepName } from './machine.ts';
import type { MemoryWorld } from './memory-world.ts';
import { placeholder } from './scripted-machine.ts';

export interface Play {
  /** States as the execution's history has them entered: each is one transition. */
  readonly visited: readonly string[];
  readonly succeeded: boolean;
}

/**
 * @param definition the file's text
 * @param beforeJudge what happens in the world while the execution waits
 */
export async function playMachine(
  world: MemoryWorld,
  keyId: string,
  request: RotationRequest,
  definition: string,
  beforeJudge: () => Promise<void> = async () => undefined,
): Promise<Play> {
  const machine = new StateMachine(parsed(definition));
  const execution = new Execution(world, keyId, 'r-1', request);
  let waiting: StepResult | undefined;
  const invoke = async (parameters: unknown) => {
    const { Payload } = parameters as { readonly Payload: { readonly step: StepName } };
    if (Payload.step === 'judge') {
      world.clock.nowMs = Math.max(world.clock.nowMs, Date.parse(waiting?.waitUntil as string));
      await beforeJudge();
    }
    const answer = await execution.run(Payload.step);
    if (answer.next === 'wait') waiting = answer;
    return { StatusCode: 200, Payload: { ...answer } };
  };
  const each = <Value>(type: string, value: Value) =>
    Object.fromEntries(
      Object.entries(parsed(definition).States)
        .filter(([, { Type }]) => Type === type)
        .map(([name]) => [name, value]),
    );
  const run = machine.run(
    { keyId, purpose: 'manual', ...request },
    {
      context: { Execution: { Id: 'arn:execution', Name: 'r-1', Input: { keyId, ...request } } },
      overrides: { taskResourceLocalHandlers: each('Task', invoke), waitTimeOverrides: each('Wait', 0) },
    },
  );
  run.result.catch(() => undefined);
  const visited: string[] = [];
  let succeeded = false;
  for await (const event of run.eventLogs) {
    if (event.type === 'StateEntered') visited.push(event.state.name);
    if (event.type === 'ExecutionSucceeded') succeeded = true;
  }
  return { visited, succeeded };
}

const parsed = (text: string): StateMachineDefinition =>
  JSON.parse(
    text
      .replaceAll(placeholder('LambdaInvoke'), 'arn:aws:states:::lambda:invoke')
      .replaceAll(placeholder('RotationFunctionArn'), 'arn:aws:lambda:eu-west-1:123456789012:function:steps'),
  ) as StateMachineDefinition;
