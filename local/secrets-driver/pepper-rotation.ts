/** The pepper's secret of a local cloud, which its CloudFormation cannot put on a schedule: turned on as that would be. */
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { LocalError } from '../local-error.ts';
import type { LocalCloud } from '../state.ts';

/** What stands for the pepper's secret, whose name is made by CloudFormation. */
export const PEPPER = 'pepper';

export const secretIdOf = ({ outputs }: Pick<LocalCloud, 'outputs'>, secretId: string): string =>
  secretId === PEPPER ? (outputs['PepperSecretArn'] ?? secretId) : secretId;

/** Nothing is rotated by it. Repeated, it changes nothing. */
export async function turnOnPepperRotation(
  cloud: Pick<LocalCloud, 'endpoint' | 'region' | 'stackName' | 'outputs'>,
): Promise<void> {
  const { endpoint, region } = cloud;
  const config = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const lambda = new LambdaClient(config);
  const name = await rotationFunctionOf(new CloudFormationClient(config), cloud.stackName);
  const { FunctionArn } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  await new SecretsManagerClient(config).send(
    new RotateSecretCommand({
      SecretId: secretIdOf(cloud, PEPPER),
      RotationLambdaARN: FunctionArn,
      RotationRules: { AutomaticallyAfterDays: 365 },
      RotateImmediately: false,
    }),
  );
}

async function rotationFunctionOf(client: CloudFormationClient, stackName: string): Promise<string> {
  const { StackResources = [] } = await client.send(
    new DescribeStackResourcesCommand({ StackName: stackName }),
  );
  const found = StackResources.find(
    ({ ResourceType, LogicalResourceId }) =>
      ResourceType === 'AWS::Lambda::Function' && LogicalResourceId?.includes('SecretRotationFn'),
  );
  if (found?.PhysicalResourceId) return found.PhysicalResourceId;
  throw new LocalError(`The stack ${stackName} has no function that rotates secrets. Is it the app's stack?`);
}
