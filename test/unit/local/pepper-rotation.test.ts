import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  type StackResource,
} from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalError } from '../../../local/local-error.ts';
import { turnOnPepperRotation } from '../../../local/secrets-driver/pepper-rotation.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:rotate-1a2b';
const cloud = {
  endpoint: 'http://127.0.0.1:4566',
  region: 'us-east-1',
  stackName: 'Keyturn',
  outputs: { PepperSecretArn: 'KeysStorePepper-1a2b' },
};
const stack = mockClient(CloudFormationClient);
const lambda = mockClient(LambdaClient);
const secrets = mockClient(SecretsManagerClient);
const resource = (type: string, id: string): StackResource => ({
  ResourceType: type,
  LogicalResourceId: id,
  PhysicalResourceId: `${id}-physical`,
  Timestamp: undefined,
  ResourceStatus: undefined,
});

beforeEach(() => {
  for (const mock of [stack, lambda, secrets]) mock.reset();
  stack.on(DescribeStackResourcesCommand, { StackName: 'Keyturn' }).resolves({
    StackResources: [
      resource('AWS::IAM::Role', 'KeysSecretRotationFnRole'),
      resource('AWS::Lambda::Function', 'KeysAdminFn'),
      resource('AWS::Lambda::Function', 'KeysSecretRotationFn'),
    ],
  });
  lambda
    .on(GetFunctionConfigurationCommand, { FunctionName: 'KeysSecretRotationFn-physical' })
    .resolves({ FunctionArn: ARN });
  secrets.on(RotateSecretCommand).resolves({});
});
afterAll(() => {
  for (const mock of [stack, lambda, secrets]) mock.restore();
});

describe('the pepper of a local cloud', () => {
  it('is put on its schedule, and not rotated by that', async () => {
    await turnOnPepperRotation(cloud);
    expect(secrets.calls().map(({ args }) => args[0].input)).toEqual([
      {
        SecretId: 'KeysStorePepper-1a2b',
        RotationLambdaARN: ARN,
        RotationRules: { AutomaticallyAfterDays: 365 },
        RotateImmediately: false,
      },
    ]);
  });

  it('needs the function of the stack', async () => {
    stack.on(DescribeStackResourcesCommand).resolves({ StackResources: [] });
    await expect(turnOnPepperRotation(cloud)).rejects.toThrow(
      new LocalError("The stack Keyturn has no function that rotates secrets. Is it the app's stack?"),
    );
  });
});
