import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  ProvisionedThroughputExceededException,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { DynamoOutbox } from '../../../lambdas/adapters/dynamodb/dynamo-outbox.ts';
import { noticesIn } from '../../../lambdas/adapters/dynamodb/notice-stream.ts';
import type { NoticeState, StoredNotice } from '../../../lambdas/core/domain/notice.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { sampleNotice } from '../../support/sample-records.ts';

const TABLE = 'keys';
const ID = 'Ab3dEf7hIj9L';
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamo = mockClient(documents);
const outbox = new DynamoOutbox(documents, TABLE);
const notice = sampleNotice(ID);
const Key = { pk: `KEY#${ID}`, sk: 'NOTICE#r-1#rotation-started#team@example.com' };
const waiting: StoredNotice = { notice, state: { status: 'waiting', attempts: 0, dueAtMs: START_MS } };
const lost = new ConditionalCheckFailedException({ message: 'no', $metadata: {} });

beforeEach(() => dynamo.reset());

async function movedTo(state: NoticeState) {
  dynamo.on(UpdateCommand).resolves({});
  expect(await outbox.move(waiting, state)).toBe('moved');
  return dynamo.commandCalls(UpdateCommand)[0]?.args[0].input;
}

it('puts a notice never over another, in the index of what is due', async () => {
  dynamo.on(PutCommand).resolves({});
  expect(await outbox.put(notice)).toBe('put');
  expect(dynamo.commandCalls(PutCommand)[0]?.args[0].input).toEqual({
    TableName: TABLE,
    ConditionExpression: 'attribute_not_exists(pk)',
    Item: {
      ...Key,
      ...waiting,
      noticePk: expect.stringMatching(/^NOTICE-DUE-mail#[0-3]$/),
      noticeSk: `2026-11-23T14:00:00.000Z#KEY#${ID}#r-1#rotation-started#team@example.com`,
    },
  });
  dynamo.on(PutCommand).rejects(lost);
  expect(await outbox.put(notice)).toBe('exists');
});

it('reads a notice consistently, and of whatever lies there nothing else', async () => {
  dynamo.on(GetCommand).resolves({});
  expect(await outbox.find(notice)).toBeUndefined();
  expect(dynamo.commandCalls(GetCommand)[0]?.args[0].input).toEqual({
    TableName: TABLE,
    Key,
    ConsistentRead: true,
    ProjectionExpression: '#notice, #state',
    ExpressionAttributeNames: { '#notice': 'notice', '#state': 'state' },
  });
});

it('moves a notice on the whole state that was seen', async () => {
  const state: NoticeState = { status: 'sending', attempts: 1, dueAtMs: START_MS + 60_000 };
  expect(await movedTo(state)).toEqual({
    TableName: TABLE,
    Key,
    ConditionExpression: '#state = :seen',
    UpdateExpression: 'SET #state = :state, #noticePk = :noticePk, #noticeSk = :noticeSk REMOVE #ttl',
    ExpressionAttributeNames: {
      '#state': 'state',
      '#noticePk': 'noticePk',
      '#noticeSk': 'noticeSk',
      '#ttl': 'ttl',
    },
    ExpressionAttributeValues: {
      ':state': state,
      ':noticePk': expect.stringMatching(/^NOTICE-DUE-mail#[0-3]$/),
      ':noticeSk': expect.stringMatching(/^2026-11-23T14:01:00\.000Z#/),
      ':seen': waiting.state,
    },
  });
});

it('takes what is settled out of the index, and lets it go a year later', async () => {
  const update = await movedTo({ status: 'sent', attempts: 1, sentAtMs: START_MS });
  expect(update?.UpdateExpression).toBe('SET #state = :state, #ttl = :ttl REMOVE #noticePk, #noticeSk');
  expect(update?.ExpressionAttributeValues?.[':ttl']).toBe(START_MS / 1000 + 365 * 86_400);
});

it('puts what is given up into the index of what is parked, for a year', async () => {
  const update = await movedTo({ status: 'parked', attempts: 14, settledAtMs: START_MS + 1, why: 'x' });
  expect(update?.UpdateExpression).not.toContain('REMOVE #');
  expect(update?.ExpressionAttributeValues).toMatchObject({
    ':noticePk': expect.stringMatching(/^NOTICE-PARKED#[0-3]$/),
    ':noticeSk': expect.stringMatching(/^2026-11-23T14:00:00\.001Z#/),
    ':ttl': Math.ceil((START_MS + 1) / 1000) + 365 * 86_400,
  });
});

it('says that another was faster, and throws whatever else went wrong', async () => {
  const next: NoticeState = { status: 'sent', attempts: 1 };
  dynamo.on(UpdateCommand).rejects(lost);
  expect(await outbox.move(waiting, next)).toBe('stale');
  const trouble = new ProvisionedThroughputExceededException({ message: 'slow down', $metadata: {} });
  dynamo.on(UpdateCommand).rejects(trouble);
  await expect(outbox.move(waiting, next)).rejects.toBe(trouble);
});

it('finds what is due in all partitions of the index, by time', async () => {
  dynamo.on(QueryCommand).callsFake(({ ExpressionAttributeValues: values }) => ({
    Items: [{ ...Key, pk: `KEY#${values[':shard']}`, noticeSk: `${9 - Number(values[':shard'].at(-1))}` }],
  }));
  const due = await outbox.due({ channel: 'mail', nowMs: START_MS, limit: 3 });
  expect(due.next).toBe('8');
  expect(due.refs.map(({ partition }) => partition)).toEqual(
    [3, 2, 1].map((at) => `KEY#NOTICE-DUE-mail#${at}`),
  );
  const inputs = dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input);
  expect(inputs).toHaveLength(4);
  expect(inputs[0]).toMatchObject({
    IndexName: 'byNotice',
    KeyConditionExpression: 'noticePk = :shard AND noticeSk BETWEEN :after AND :until',
    ExpressionAttributeValues: { ':until': '2026-11-23T14:00:00.000Z#~' },
    Limit: 3,
  });
});

it('goes on behind what is no notice and lies in the index all the same', async () => {
  dynamo.on(QueryCommand).callsFake(({ ExpressionAttributeValues: values, Limit }) => {
    if (!String(values[':shard']).endsWith('0')) return { Items: [] };
    const items = [
      { ...Key, sk: 'META', noticeSk: '1' },
      { ...Key, noticeSk: '2' },
      { ...Key, noticeSk: '3' },
    ];
    return { Items: items.filter(({ noticeSk }) => noticeSk > values[':after']).slice(0, Limit) };
  });
  const first = await outbox.due({ channel: 'mail', nowMs: START_MS, limit: 2 });
  expect(first).toMatchObject({ refs: [{ noticeId: notice.noticeId }], next: '2' });
  const rest = await outbox.due({ channel: 'mail', nowMs: START_MS, limit: 2, after: '2' });
  expect(rest.refs).toHaveLength(1);
});

it('knows a notice in the stream by its key, if it was inserted', () => {
  const record = (eventName: string, sk: string) => ({
    eventName,
    dynamodb: { SequenceNumber: '7', Keys: { pk: { S: Key.pk }, sk: { S: sk } } },
  });
  expect(noticesIn([record('INSERT', Key.sk)])).toEqual([
    { sequenceNumber: '7', ref: { partition: Key.pk, noticeId: notice.noticeId } },
  ]);
  expect(noticesIn([record('MODIFY', Key.sk), record('INSERT', 'META'), { eventName: 'INSERT' }])).toEqual(
    [],
  );
});
