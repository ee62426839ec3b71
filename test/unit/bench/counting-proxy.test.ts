/** The proxy counts what goes over the wire, and changes nothing of it but the question what it consumed. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CountingProxy } from '../../../bench/src/count/counting-proxy.ts';
import { FakeAws, Fault } from '../../support/fake-aws.ts';

let aws: FakeAws;
let proxy: CountingProxy;
const config = () => ({
  endpoint: proxy.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-secret' },
  maxAttempts: 1,
});

beforeEach(async () => {
  aws = await FakeAws.start();
  proxy = await CountingProxy.start(aws.endpoint);
});
afterEach(async () => {
  await proxy.stop();
  await aws.stop();
});

describe('the counting proxy', () => {
  it('counts a write, and the units that the store says it consumed', async () => {
    aws.operations['PutItem'] = ({ ReturnConsumedCapacity }) =>
      ReturnConsumedCapacity === 'TOTAL' ? { ConsumedCapacity: { CapacityUnits: 3 } } : {};
    const put = new PutItemCommand({ TableName: 'Keys', Item: { pk: { S: 'KEY#1' } } });
    await new DynamoDBClient(config()).send(put);
    expect(proxy.tally).toMatchObject({
      requests: { 'DynamoDB PutItem': 1 },
      failed: 0,
      readUnits: 0,
      writeUnits: 3,
    });
    expect(proxy.tally.sentBytes).toBe('{"Item":{"pk":{"S":"KEY#1"}},"TableName":"Keys"}'.length);
  });

  it('counts a read of a part of an item once, by the size of the whole', async () => {
    const part = { name: { S: 'Agent' } };
    aws.operations['GetItem'] = ({ ProjectionExpression }) => ({
      Item: ProjectionExpression ? part : { ...part, versions: { S: 'x'.repeat(5_000) } },
    });
    const documents = DynamoDBDocumentClient.from(new DynamoDBClient(config()));
    const { Item } = await documents.send(
      new GetCommand({
        TableName: 'Keys',
        Key: { pk: 'KEY#1' },
        ConsistentRead: true,
        ProjectionExpression: '#n',
        ExpressionAttributeNames: { '#n': 'name' },
      }),
    );
    expect(Item).toEqual({ name: 'Agent' });
    expect(proxy.tally).toMatchObject({ requests: { 'DynamoDB GetItem': 1 }, readUnits: 2 });
  });

  it('counts an error as a failed request', async () => {
    aws.operations['ListKeys'] = () => new Fault(400, 'NotFoundException');
    await expect(new KMSClient(config()).send(new ListKeysCommand({}))).rejects.toThrow();
    expect(proxy.tally).toMatchObject({ requests: { 'KMS ListKeys': 1 }, failed: 1 });
  });

  it('counts a write whose condition is not met as one that is billed, and has not failed', async () => {
    aws.operations['PutItem'] = () => new Fault(400, 'ConditionalCheckFailedException');
    const put = new PutItemCommand({ TableName: 'Keys', Item: { pk: { S: 'KEY#1' } } });
    await expect(new DynamoDBClient(config()).send(put)).rejects.toThrow();
    expect(proxy.tally).toMatchObject({ requests: { 'DynamoDB PutItem': 1 }, failed: 0, writeUnits: 1 });
    expect(proxy.takeInserted()).toEqual([]);
  });

  it('keeps what was put into the table until it is taken', async () => {
    aws.operations['PutItem'] = () => ({ ConsumedCapacity: { CapacityUnits: 1 } });
    const Item = { pk: { S: 'KEY#1' }, sk: { S: 'AUDIT#000001' } };
    await new DynamoDBClient(config()).send(new PutItemCommand({ TableName: 'Keys', Item }));
    expect(proxy.takeInserted()).toEqual([[Item]]);
    expect(proxy.takeInserted()).toEqual([]);
  });

  it('counts the events that go in one request', async () => {
    aws.operations['PutEvents'] = () => ({ FailedEntryCount: 0, Entries: [] });
    const entry = { Source: 'keyturn', DetailType: 'Key Rotation Minute', Detail: '{}' };
    await new EventBridgeClient(config()).send(new PutEventsCommand({ Entries: [entry, entry] }));
    expect(proxy.tally).toMatchObject({ requests: { 'EventBridge PutEvents': 1 }, busEvents: 2 });
  });

  it('keeps the executions that were started', async () => {
    aws.operations['StartExecution'] = () => ({ executionArn: 'arn:execution', startDate: 1 });
    const stateMachineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:Rotation';
    const start = new StartExecutionCommand({
      stateMachineArn,
      name: 'r-1',
      input: '{"keyId":"FF05xY0L9hQm"}',
    });
    await new SFNClient(config()).send(start);
    expect(proxy.started).toEqual([
      { machineArn: stateMachineArn, name: 'r-1', input: { keyId: 'FF05xY0L9hQm' } },
    ]);
  });

  it('answers the invocation of a function from this process', async () => {
    proxy.invoke = async (name, event) => ({ name, event });
    const invoke = new InvokeCommand({ FunctionName: 'authorizer', Payload: Buffer.from('{"type":"a"}') });
    const { Payload } = await new LambdaClient(config()).send(invoke);
    expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toEqual({
      name: 'authorizer',
      event: { type: 'a' },
    });
    expect(proxy.tally.requests).toEqual({ 'Lambda Invoke': 1 });
    expect(aws.calls).toEqual([]);
  });
});

describe('services that do not speak JSON', () => {
  const seen: { readonly path: string; readonly body: Buffer }[] = [];
  let server: Server;
  let other: CountingProxy;
  beforeEach(async () => {
    seen.length = 0;
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen.push({ path: request.url ?? '', body: Buffer.concat(chunks) });
        response.writeHead(200, { 'content-type': 'application/xml', etag: '"1"' });
        response.end(
          '<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>',
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    other = await CountingProxy.start(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(async () => {
    await other.stop();
    await new Promise((resolve) => server.close(resolve));
  });
  const through = () => ({ ...config(), endpoint: other.endpoint });

  it('are told apart by what their requests are signed for', async () => {
    const published = await new SNSClient(through()).send(
      new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:1:t', Message: 'm' }),
    );
    expect(published.MessageId).toBe('m-1');
    expect(other.tally).toMatchObject({ requests: { 'SNS Publish': 1 }, failed: 0 });
  });

  it('get and keep objects as they are: written, read, and their versions listed', async () => {
    const s3 = new S3Client({ ...through(), forcePathStyle: true });
    const Body = new Uint8Array([0, 255, 128, 10]);
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket: 'audit', Key: 'a', Body }));
    const { Body: got } = await s3.send(new GetObjectCommand({ Bucket: 'audit', Key: 'a' }));
    await got?.transformToString();
    await s3.send(new ListObjectVersionsCommand({ Bucket: 'audit' }));
    expect(ETag).toBe('"1"');
    expect(other.tally.requests).toEqual({ 'S3 GET': 1, 'S3 LIST': 1, 'S3 PUT': 1 });
    expect(seen[0]).toEqual({ path: '/audit/a?x-id=PutObject', body: Buffer.from(Body) });
  });
});
