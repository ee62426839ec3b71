/** The deployed stack under test, as its users reach it: AWS clients, the admin function, the two MCP URLs. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { inject } from 'vitest';
import type {
  AdminRequest,
  AdminResponse,
  AdminResults,
  IssuedKey,
} from '../../../lambdas/functions/admin/contract.ts';

export const cloud = inject('localCloud');

/** With other credentials it is another account of the local cloud. */
export type AwsConfig = typeof awsConfig;

export const awsConfig = {
  region: cloud.region,
  endpoint: cloud.endpoint,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};

export const stepFunctions = new SFNClient(awsConfig);
export const dynamo = new DynamoDBClient(awsConfig);
const lambda = new LambdaClient(awsConfig);

export const machineArn = output('RotationMachineArn');
export const pepperMachineArn = output('PepperMachineArn');
export const tableName = output('TableName');
export const eventBusName = output('EventBusName');
export const securityTopicArn = output('SecurityTopicArn');

/** The example MCP server behind each kind of API. */
export const APIS = [
  { api: 'REST API', url: required(cloud.mcpUrl) },
  { api: 'HTTP API', url: required(cloud.mcpHttpUrl) },
] as const;

function output(name: string): string {
  return required(cloud.outputs[name]);
}

function required(value: string | undefined): string {
  if (value === undefined) throw new Error('The stack under test lacks an output.');
  return value;
}

type InputOf<Action> = Extract<AdminRequest, { readonly action: Action }>['input'];

/** Asks the deployed admin function, refusals included. */
export async function ask<Action extends AdminRequest['action']>(
  action: Action,
  input: InputOf<Action>,
): Promise<AdminResponse<AdminResults[Action]>> {
  const actor = { principal: 'arn:aws:iam::000000000000:user/test', via: 'end-to-end tests' };
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({
      FunctionName: output('AdminFunctionName'),
      Payload: Buffer.from(JSON.stringify({ action, input, actor })),
    }),
  );
  if (FunctionError || !Payload) throw new Error(`The admin function failed on ${action}.`);
  return JSON.parse(Buffer.from(Payload).toString('utf8')) as AdminResponse<AdminResults[Action]>;
}

/** Asks what must be answered. */
export async function admin<Action extends AdminRequest['action']>(
  action: Action,
  input: InputOf<Action>,
): Promise<AdminResults[Action]> {
  const response = await ask(action, input);
  if (!response.ok) throw new Error(`${action}: ${response.error.message}`);
  return response.result;
}

/** A throw-away key, by policy `drill`, whose grace period is seconds, unless said otherwise. */
export async function issueKey(
  scopes: readonly string[] = ['tools:*'],
  policy = 'drill',
): Promise<IssuedKey & { key: string }> {
  const issued = await admin('issue', {
    owner: 'end-to-end@example.com',
    name: 'End-to-end test',
    environment: 'test',
    scopes,
    policy,
  });
  return { ...issued, key: required(issued.key) };
}
