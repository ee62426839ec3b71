import { ExecutionDoesNotExist, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { MachineExecutions } from '../../../lambdas/adapters/step-functions/machine-executions.ts';

const sfn = mockClient(SFNClient);
const executions = new MachineExecutions(new SFNClient({ region: 'eu-central-1' }));
const ARN = 'arn:aws:states:eu-central-1:111122223333:execution:rotation:r-1';

beforeEach(() => sfn.reset());

it('ends an execution and says why, in its history', async () => {
  sfn.on(StopExecutionCommand).resolves({});
  await executions.stop(ARN, 'Emergency r-2 takes over.');
  expect(sfn.commandCalls(StopExecutionCommand).map(({ args }) => args[0].input)).toEqual([
    { executionArn: ARN, error: 'RotationOver', cause: 'Emergency r-2 takes over.' },
  ]);
});

it('takes one that is gone for ended, and no other trouble', async () => {
  sfn
    .on(StopExecutionCommand)
    .rejectsOnce(new ExecutionDoesNotExist({ message: 'gone', $metadata: {} }))
    .rejectsOnce(new Error('throttled'));
  await executions.stop(ARN, 'why');
  await expect(executions.stop(ARN, 'why')).rejects.toThrow('throttled');
});
