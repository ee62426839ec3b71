/** Finds the deployed stack through CloudFormation and reads its outputs. */
import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { explainAwsError } from './aws-errors.ts';
import type { AwsSettings } from './aws-settings.ts';
import type { Caller } from './caller.ts';
import { CliError } from './exit.ts';
import { OUTPUTS, type OutputName, type Target } from './target.ts';

/** @throws CliError `stack-not-found`, naming stack, Region and account */
export async function findStack(
  stackName: string,
  settings: AwsSettings,
  caller: () => Promise<Caller>,
): Promise<Target> {
  const client = new CloudFormationClient(settings);
  try {
    const region = await client.config.region();
    const stack = await describeStack(client, stackName);
    const { account } = await caller();
    if (!stack) throw stackNotFound(stackName, region, account);
    const outputs = outputsOf(stack);
    return {
      stackName,
      region,
      place: `account ${account}, ${region}`,
      outputs,
      mcpRestUrl: outputs.McpRestUrl,
      mcpHttpUrl: outputs.McpHttpUrl,
    };
  } catch (error) {
    throw explainAwsError(error, settings);
  }
}

async function describeStack(client: CloudFormationClient, stackName: string): Promise<Stack | undefined> {
  try {
    const answer = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return answer.Stacks?.[0];
  } catch (error) {
    // CloudFormation has no error class of its own for this.
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

function outputsOf(stack: Stack): Partial<Record<OutputName, string>> {
  const values = new Map(stack.Outputs?.map((output) => [output.OutputKey, output.OutputValue]));
  const found: Partial<Record<OutputName, string>> = {};
  for (const name of OUTPUTS) {
    const value = values.get(name);
    if (value) found[name] = value;
  }
  return found;
}

const stackNotFound = (stackName: string, region: string, account: string): CliError =>
  new CliError(
    'stack-not-found',
    `There is no stack '${stackName}' in ${region} of account ${account}.`,
    "Name it with --stack, choose another --region or --profile, deploy it with 'npx cdk deploy', or use --local for the local cloud.",
  );
