import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  SFNClient,
  SFNServiceException,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ExecutionOutcomes } from '../../../lambdas/adapters/step-functions/execution-outcomes.ts';

const EXECUTION = 'arn:aws:states:eu-central-1:111122223333:execution:pepper:p-1';
const client = new SFNClient({ region: 'eu-central-1' });
const sfn = mockClient(client);
const outcomes = new ExecutionOutcomes(client);

beforeEach(() => sfn.reset());

describe('the outcome of an execution', () => {
  it.each([
    ['RUNNING', { status: 'running' }],
    ['PENDING_REDRIVE', { status: 'running' }],
    ['SUCCEEDED', { status: 'succeeded' }],
    ['FAILED', { status: 'failed', error: 'E', cause: 'C' }],
    ['TIMED_OUT', { status: 'failed', error: 'E', cause: 'C' }],
    ['ABORTED', { status: 'failed', error: 'E', cause: 'C' }],
  ] as const)('%s', async (status, outcome) => {
    const failed = outcome.status === 'failed' ? { error: 'E', cause: 'C' } : {};
    sfn.on(DescribeExecutionCommand, { executionArn: EXECUTION }).resolves({ status, ...failed });

    expect(await outcomes.of(EXECUTION)).toEqual(outcome);
  });

  it('of one that nobody says anything of has no reason', async () => {
    sfn.on(DescribeExecutionCommand).resolves({ status: 'ABORTED' });

    expect(await outcomes.of(EXECUTION)).toEqual({ status: 'failed' });
  });

  it('of one that is not there is not-found; anything else is thrown', async () => {
    sfn.on(DescribeExecutionCommand).rejects(new ExecutionDoesNotExist({ message: 'none', $metadata: {} }));
    expect(await outcomes.of(EXECUTION)).toEqual({ status: 'not-found' });
    const throttled = new SFNServiceException({
      name: 'ThrottlingException',
      $fault: 'client',
      $metadata: {},
    });
    sfn.on(DescribeExecutionCommand).rejects(throttled);
    await expect(outcomes.of(EXECUTION)).rejects.toBe(throttled);
  });
});
