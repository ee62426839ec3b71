/** Items of addresses that mail comes back from: the writes, and what guards them. */
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  TransactWriteCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { DynamoMailBlocks } from '../../../lambdas/adapters/dynamodb/dynamo-mail-blocks.ts';
import { CHAIN_START, chainEvent } from '../../../lambdas/core/domain/audit-event.ts';
import { blockOf } from '../../../lambdas/core/domain/mail-block.ts';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamo = mockClient(documents);
const blocks = new DynamoMailBlocks(documents, 'keys');
const AT_MS = Date.parse('2026-11-23T14:00:00Z');
const Key = { pk: 'MAIL#team@example.com', sk: 'BLOCK' };
const EVENT = chainEvent({ chain: 'mail/team@example.com' }, CHAIN_START, {
  action: 'mail.unblocked',
  actor: { principal: 'a test', via: 'vitest' },
  atMs: AT_MS,
  detail: {},
});
const bounced = blockOf('bounced', { recipient: 'Team@Example.com', why: 'user unknown', atMs: AT_MS });

beforeEach(() => {
  dynamo.reset();
  dynamo.on(UpdateCommand).resolves({});
  dynamo.on(TransactWriteCommand).resolves({});
});

it('reads consistently, by the address in lower case', async () => {
  dynamo.on(GetCommand).resolves({ Item: { ...Key, mailBlock: bounced } });
  expect(await blocks.find('TEAM@example.com', AT_MS)).toEqual(bounced);
  expect(dynamo.commandCalls(GetCommand)[0]?.args[0].input).toEqual({
    TableName: 'keys',
    Key,
    ProjectionExpression: 'mailBlock',
    ConsistentRead: true,
  });
});

it('is over when its time is, though the item is still there', async () => {
  dynamo.on(GetCommand).resolves({ Item: { ...Key, mailBlock: bounced } });
  expect(await blocks.find('team@example.com', bounced.untilMs as number)).toBeUndefined();
});

it('lets DynamoDB forget a bounce with its end, and keeps a complaint', async () => {
  await blocks.block(bounced, AT_MS - 1000);
  await blocks.block(blockOf('complained', { recipient: 'x@y.z', why: 'abuse', atMs: AT_MS }), AT_MS - 1000);
  const [one, other] = dynamo.commandCalls(UpdateCommand).map(({ args }) => args[0].input);
  expect(one).toMatchObject({ Key, UpdateExpression: 'SET mailBlock = :block, #ttl = :ttl' });
  expect(one?.ExpressionAttributeValues?.[':ttl']).toBe((bounced.untilMs as number) / 1000);
  expect(one?.ConditionExpression).toMatch(
    /^\(attribute_not_exists\(clearedAtMs\) OR clearedAtMs < :mailed\) AND/,
  );
  expect(other?.UpdateExpression).toBe('SET mailBlock = :block REMOVE #ttl');
});

it('names in each write the values that it uses, and no other', async () => {
  await blocks.block(bounced, 1);
  await blocks.delivered('a@b.cd', 1);
  await blocks.lift(bounced, AT_MS, EVENT);
  const lifting = dynamo.commandCalls(TransactWriteCommand)[0]?.args[0].input.TransactItems?.[0]?.Update;
  const updates = dynamo.commandCalls(UpdateCommand).map(({ args }) => args[0].input);
  for (const each of [...updates, lifting as UpdateCommandInput]) {
    const { UpdateExpression, ConditionExpression, ExpressionAttributeValues, ExpressionAttributeNames } =
      each;
    const text = `${UpdateExpression} ${ConditionExpression}`;
    expect(new Set(text.match(/:\w+/g))).toEqual(new Set(Object.keys(ExpressionAttributeValues ?? {})));
    expect(new Set(text.match(/#\w+/g))).toEqual(new Set(Object.keys(ExpressionAttributeNames ?? {})));
  }
});

it('says what a lost condition means, and lets every other trouble through', async () => {
  dynamo
    .on(UpdateCommand)
    .rejects(
      new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} }),
    );
  expect(await blocks.block(bounced, AT_MS)).toBe('known');
  await expect(blocks.delivered('a@b.cd', AT_MS)).resolves.toBeUndefined();
  dynamo.on(UpdateCommand).rejects(new Error('unreachable'));
  await expect(blocks.block(bounced, AT_MS)).rejects.toThrow('unreachable');
});

it('lifts what was seen with its event in one transaction, or neither', async () => {
  expect(await blocks.lift(bounced, AT_MS, EVENT)).toBe('lifted');
  expect(dynamo.commandCalls(TransactWriteCommand)[0]?.args[0].input.TransactItems).toEqual([
    {
      Update: expect.objectContaining({
        TableName: 'keys',
        Key,
        ConditionExpression: 'mailBlock.#state = :state AND mailBlock.sinceMs = :since',
        ExpressionAttributeValues: expect.objectContaining({ ':state': 'bounced', ':since': AT_MS }),
      }),
    },
    {
      Put: expect.objectContaining({
        TableName: 'keys',
        ConditionExpression: 'attribute_not_exists(pk)',
        Item: expect.objectContaining({ pk: 'CHAIN#mail/team@example.com', event: EVENT }),
      }),
    },
  ]);
  for (const Code of ['ConditionalCheckFailed', 'TransactionConflict']) {
    const CancellationReasons = [{ Code: 'None' }, { Code }];
    dynamo
      .on(TransactWriteCommand)
      .rejects(new TransactionCanceledException({ message: 'no', CancellationReasons, $metadata: {} }));
    expect(await blocks.lift(bounced, AT_MS, EVENT)).toBe('stale');
  }
  dynamo.on(TransactWriteCommand).rejects(new Error('unreachable'));
  await expect(blocks.lift(bounced, AT_MS, EVENT)).rejects.toThrow('unreachable');
});
