import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  SFNServiceException,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { MachineExecutions } from '../../../lambdas/adapters/step-functions/machine-executions.ts';

const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:rotation';
const EXECUTION = 'arn:aws:states:eu-central-1:111122223333:execution:rotation:r-1';
const client = new SFNClient({ region: 'eu-central-1' });
const sfn = mockClient(client);
const executions = new MachineExecutions(client, MACHINE);
const throttled = new SFNServiceException({ name: 'ThrottlingException', $fault: 'client', $metadata: {} });

beforeEach(() => sfn.reset());

describe('start', () => {
  it('names the execution after the rotation, so that a repeated start is the same start', async () => {
    sfn.on(StartExecutionCommand).resolves({ executionArn: EXECUTION });

    expect(await executions.start('r-1', { keyId: 'Ab3dEf7hIj9L', purpose: 'manual' })).toEqual({
      executionArn: EXECUTION,
      existed: false,
    });
    expect(sfn.commandCalls(StartExecutionCommand)[0]?.args[0].input).toEqual({
      stateMachineArn: MACHINE,
      name: 'r-1',
      input: '{"keyId":"Ab3dEf7hIj9L","purpose":"manual"}',
    });
  });

  it('takes an execution that exists for the same start', async () => {
    sfn.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists({ message: 'exists', $metadata: {} }));

    expect(await executions.start('r-1', {})).toEqual({ executionArn: EXECUTION, existed: true });
  });

  it('throws on anything else', async () => {
    sfn.on(StartExecutionCommand).rejects(throttled);

    await expect(executions.start('r-1', {})).rejects.toBe(throttled);
  });
});

describe('stateOf', () => {
  it.each([
    ['RUNNING', 'running'],
    ['PENDING_REDRIVE', 'running'],
    ['SUCCEEDED', 'ended'],
    ['FAILED', 'ended'],
    ['TIMED_OUT', 'ended'],
    ['ABORTED', 'ended'],
  ] as const)('%s is %s', async (status, state) => {
    sfn.on(DescribeExecutionCommand, { executionArn: EXECUTION }).resolves({ status });

    expect(await executions.stateOf(EXECUTION)).toBe(state);
  });

  it('of one that is not there is not-found, which is not ended: it may be too new to be seen', async () => {
    sfn.on(DescribeExecutionCommand).rejects(new ExecutionDoesNotExist({ message: 'none', $metadata: {} }));

    expect(await executions.stateOf(EXECUTION)).toBe('not-found');
  });

  it('throws on anything else: nobody is declared dead because the service is busy', async () => {
    sfn.on(DescribeExecutionCommand).rejects(throttled);

    await expect(executions.stateOf(EXECUTION)).rejects.toBe(throttled);
  });
});

describe('arnOf', () => {
  it('is the ARN of the execution of that name', () => {
    expect(executions.arnOf('r-1')).toBe(EXECUTION);
  });
});
