import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  SFNClient,
  SFNServiceException,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { MachineExecutions } from '../../../lambdas/adapters/step-functions/machine-executions.ts';

const EXECUTION = 'arn:aws:states:eu-central-1:111122223333:execution:rotation:r-1';
const client = new SFNClient({ region: 'eu-central-1' });
const sfn = mockClient(client);
const executions = new MachineExecutions(client);
const throttled = new SFNServiceException({ name: 'ThrottlingException', $fault: 'client', $metadata: {} });

beforeEach(() => sfn.reset());

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

describe('look', () => {
  it.each([
    [
      'its cause',
      { status: 'FAILED', error: 'RotationRefused', cause: 'Key x is revoked.' },
      'Key x is revoked.',
    ],
    ['its error where it has no cause', { status: 'FAILED', error: 'States.Runtime' }, 'States.Runtime'],
    ['its status where it has neither', { status: 'TIMED_OUT' }, 'TIMED_OUT'],
    [
      'why it was stopped',
      { status: 'ABORTED', cause: 'Emergency r-2 takes over.' },
      'Emergency r-2 takes over.',
    ],
  ] as const)('at one that failed says %s', async (_what, answer, cause) => {
    sfn.on(DescribeExecutionCommand).resolves(answer);

    expect(await executions.look(EXECUTION)).toEqual({ state: 'ended', cause });
  });

  it('at one that ended well, that runs, or that is not there says no cause', async () => {
    sfn
      .on(DescribeExecutionCommand)
      .resolvesOnce({ status: 'SUCCEEDED' })
      .resolvesOnce({ status: 'RUNNING' });
    expect(await executions.look(EXECUTION)).toEqual({ state: 'ended' });
    expect(await executions.look(EXECUTION)).toEqual({ state: 'running' });
    sfn.on(DescribeExecutionCommand).rejects(new ExecutionDoesNotExist({ message: 'none', $metadata: {} }));
    expect(await executions.look(EXECUTION)).toEqual({ state: 'not-found' });
  });
});
