import {
  ExecutionAlreadyExists,
  SFNClient,
  SFNServiceException,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { StateMachine } from '../../../lambdas/adapters/step-functions/state-machine.ts';

const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:rotation';
const EXECUTION = 'arn:aws:states:eu-central-1:111122223333:execution:rotation:r-1';
const client = new SFNClient({ region: 'eu-central-1' });
const sfn = mockClient(client);
const machine = new StateMachine(client, MACHINE);
const throttled = new SFNServiceException({ name: 'ThrottlingException', $fault: 'client', $metadata: {} });

beforeEach(() => sfn.reset());

describe('start', () => {
  it('names the execution after the rotation, so that a repeated start is the same start', async () => {
    sfn.on(StartExecutionCommand).resolves({ executionArn: EXECUTION });

    expect(await machine.start('r-1', { keyId: 'Ab3dEf7hIj9L', purpose: 'manual' })).toBe(EXECUTION);
    expect(sfn.commandCalls(StartExecutionCommand)[0]?.args[0].input).toEqual({
      stateMachineArn: MACHINE,
      name: 'r-1',
      input: '{"keyId":"Ab3dEf7hIj9L","purpose":"manual"}',
    });
  });

  it('takes an execution that exists for the same start', async () => {
    sfn.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists({ message: 'exists', $metadata: {} }));

    expect(await machine.start('r-1', {})).toBe(EXECUTION);
  });

  it('throws on anything else', async () => {
    sfn.on(StartExecutionCommand).rejects(throttled);

    await expect(machine.start('r-1', {})).rejects.toBe(throttled);
  });
});

describe('arnOf', () => {
  it('is the ARN of the execution of that name', () => {
    expect(machine.arnOf('r-1')).toBe(EXECUTION);
  });
});
