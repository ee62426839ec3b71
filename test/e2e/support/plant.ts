/** A key put into each kind of place that is searched, in an account of its own. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { newKeyId, newKeyText } from '../../../lambdas/core/domain/key-format.ts';
import { type AwsConfig, awsConfig, tableName } from './deployment.ts';
import { formCall, jsonCall } from './json-call.ts';
import { archiveEvents } from './written/messages.ts';

export const OTHER_ACCOUNT: AwsConfig = {
  ...awsConfig,
  credentials: { accessKeyId: '210987654321', secretAccessKey: 'test' },
};

const NAME = 'planted';
const ROLE = 'arn:aws:iam::210987654321:role/planted';
const EMPTY_ZIP = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]);
const FROM = 'planted@example.com';

/** By the kind of place under which `everything` has it. The file is to be removed again. */
export const PLANTS: Readonly<Record<string, (aws: AwsConfig, text: string) => Promise<unknown>>> = {
  table: async (aws, text) => {
    const dynamo = new DynamoDBClient(aws);
    await dynamo.send(
      new CreateTableCommand({
        TableName: tableName,
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    await dynamo.send(
      new PutItemCommand({ TableName: tableName, Item: { pk: { S: NAME }, is: { S: text } } }),
    );
  },
  functions: (aws, text) =>
    new LambdaClient(aws).send(
      new CreateFunctionCommand({
        FunctionName: NAME,
        Role: ROLE,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: EMPTY_ZIP },
        Environment: { Variables: { PLANTED: text } },
      }),
    ),
  metrics: (aws, text) =>
    new CloudWatchClient(aws).send(
      new PutMetricDataCommand({
        Namespace: NAME,
        MetricData: [{ MetricName: NAME, Value: 1, Dimensions: [{ Name: NAME, Value: text }] }],
      }),
    ),
  mails: async (aws, text) => {
    await formCall(aws, 'ses', { Action: 'VerifyEmailIdentity', EmailAddress: FROM });
    await formCall(aws, 'ses', {
      Action: 'SendEmail',
      Source: FROM,
      'Destination.ToAddresses.member.1': FROM,
      'Message.Subject.Data': NAME,
      'Message.Body.Text.Data': text,
    });
  },
  queues: async (aws, text) => {
    const { QueueUrl } = await jsonCall(aws, 'sqs', 'CreateQueue', { QueueName: NAME });
    await jsonCall(aws, 'sqs', 'SendMessage', { QueueUrl, MessageBody: text });
  },
  log: async (aws, text) => {
    const logs = new CloudWatchLogsClient(aws);
    const at = { logGroupName: NAME, logStreamName: NAME };
    await logs.send(new CreateLogGroupCommand(at));
    await logs.send(new CreateLogStreamCommand(at));
    const logEvents = [{ timestamp: Date.now(), message: text }];
    await logs.send(new PutLogEventsCommand({ ...at, logEvents }));
  },
  execution: async (aws, text) => {
    const stepFunctions = new SFNClient(aws);
    const definition = JSON.stringify({ StartAt: 'End', States: { End: { Type: 'Succeed' } } });
    const { stateMachineArn } = await stepFunctions.send(
      new CreateStateMachineCommand({ name: NAME, roleArn: ROLE, definition }),
    );
    const input = JSON.stringify({ text });
    await stepFunctions.send(new StartExecutionCommand({ stateMachineArn, input }));
  },
  object: async (aws, text) => {
    const s3 = new S3Client({ ...aws, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: NAME }));
    await s3.send(new PutObjectCommand({ Bucket: NAME, Key: NAME, Body: text }));
  },
  secret: (aws, text) =>
    new SecretsManagerClient(aws).send(new CreateSecretCommand({ Name: NAME, SecretString: text })),
  archive: async (aws, text) => {
    await archiveEvents(aws);
    const Detail = JSON.stringify({ text });
    await new EventBridgeClient(aws).send(
      new PutEventsCommand({ Entries: [{ Source: NAME, DetailType: NAME, Detail }] }),
    );
  },
  file: async (_aws, text) => writeFileSync(PLANTED_FILE, text),
};

/** A real one, that no deployment has issued. */
export const plantedKey = () =>
  newKeyText({ prefix: 'mk', environment: 'test', keyId: newKeyId(randomBytes) }, randomBytes);

export const PLANTED_FILE = join(process.env['KEYTURN_STATE_DIR'] ?? '.', NAME);
