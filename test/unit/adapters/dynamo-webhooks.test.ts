import { createHash } from 'node:crypto';
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoWebhookLog } from '../../../lambdas/adapters/dynamodb/dynamo-webhook-log.ts';
import { DynamoWebhooks } from '../../../lambdas/adapters/dynamodb/dynamo-webhooks.ts';
import { CHAIN_START, chainEvent } from '../../../lambdas/core/domain/audit-event.ts';
import type { Webhook, WebhookTry } from '../../../lambdas/core/domain/webhook.ts';
import { webhookMailOf } from '../../../lambdas/core/domain/webhook-mail.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { MemoryWebhookLog, MemoryWebhooks } from '../../support/memory-webhooks.ts';
import { webhookLogContract, webhookStoreContract } from '../../support/webhooks-contract.ts';

webhookStoreContract('The store in memory', async () => new MemoryWebhooks());
webhookLogContract('The log in memory', async () => new MemoryWebhookLog());

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const sent = mockClient(client);
const store = new DynamoWebhooks(client, 'Keys');
const log = new DynamoWebhookLog(client, 'Keys');
const ID = 'wh_Ab3dEf7hIj9L';
const EVENT = chainEvent({ chain: `webhook/${ID}`, owner: 'a@example.com' }, CHAIN_START, {
  action: 'webhook.added',
  actor: { principal: 'a test', via: 'vitest' },
  atMs: START_MS,
  detail: {},
});
const WEBHOOK: Webhook = {
  webhookId: ID,
  url: 'https://hooks.example.com/',
  events: [],
  status: 'enabled',
  statusSinceMs: START_MS,
  createdAtMs: START_MS,
  audit: { sequence: 1, hash: EVENT.hash },
  revision: 4,
};
const KEY = { pk: 'WEBHOOKS', sk: `WEBHOOK#${ID}` };
const TAKEN = {
  pk: `WEBHOOK-AT#${createHash('sha256').update('[null,"https://hooks.example.com/"]').digest('base64url')}`,
  sk: 'TAKEN',
};

beforeEach(() => sent.reset());

describe('the store', () => {
  const transactions = () =>
    sent.commandCalls(TransactWriteCommand).map(({ args }) => args[0].input.TransactItems);

  it('writes a new one, its event and its address in one transaction, each where nothing stands', async () => {
    sent.on(TransactWriteCommand).resolves({});
    expect(await store.insert(WEBHOOK, EVENT)).toBe('inserted');
    expect(transactions()).toEqual([
      [
        {
          Put: {
            TableName: 'Keys',
            Item: { ...KEY, webhook: WEBHOOK, revision: 4 },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        {
          Put: {
            TableName: 'Keys',
            Item: expect.objectContaining({
              pk: `CHAIN#webhook/${ID}`,
              sk: 'AUDIT#0000000001',
              event: EVENT,
            }),
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        {
          Put: {
            TableName: 'Keys',
            Item: { ...TAKEN, webhookId: ID },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
      ],
    ]);
  });

  it('saves on the revision that was read, and lets a removed one go after a month', async () => {
    sent.on(TransactWriteCommand).resolves({});
    const after: Webhook = { ...WEBHOOK, status: 'removed', revision: 5 };
    expect(await store.save({ before: WEBHOOK, after, event: EVENT })).toBe('saved');
    expect(transactions()[0]?.[0]).toEqual({
      Put: {
        TableName: 'Keys',
        Item: { ...KEY, webhook: after, revision: 5, ttl: START_MS / 1000 + 30 * 86_400 },
        ConditionExpression: 'revision = :seen',
        ExpressionAttributeValues: { ':seen': 4 },
      },
    });
    expect(transactions()[0]?.[2]).toEqual({ Delete: { TableName: 'Keys', Key: TAKEN } });
  });

  it('writes what its owner is told in the same transaction, where nothing stands', async () => {
    sent.on(TransactWriteCommand).resolves({});
    const notice = webhookMailOf({ ...WEBHOOK, owner: 'a@example.com' }, { why: 'gone' });
    if (!notice) throw new Error('There is no notice.');
    const after: Webhook = { ...WEBHOOK, status: 'disabled', revision: 5 };
    expect(await store.save({ before: WEBHOOK, after, event: EVENT, notice })).toBe('saved');
    expect(transactions()[0]).toHaveLength(3);
    expect(transactions()[0]?.[2]).toEqual({
      Put: {
        TableName: 'Keys',
        Item: expect.objectContaining({
          pk: `WEBHOOK#${ID}`,
          sk: `NOTICE#${ID}-4#webhook-disabled#a@example.com`,
          notice,
        }),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    });
  });

  it.each(['ConditionalCheckFailed', 'TransactionConflict'])(
    'is stale after %s, and throws anything else',
    async (Code) => {
      const cancelled = (code: string) =>
        new TransactionCanceledException({
          message: '',
          $metadata: {},
          CancellationReasons: [{ Code: 'None' }, { Code: code }],
        });
      sent.on(TransactWriteCommand).rejects(cancelled(Code));
      expect(await store.save({ before: WEBHOOK, after: WEBHOOK, event: EVENT })).toBe('stale');
      expect(await store.insert(WEBHOOK, EVENT)).toBe('exists');
      sent.on(TransactWriteCommand).rejects(cancelled('ThrottlingError'));
      await expect(store.insert(WEBHOOK, EVENT)).rejects.toThrow();
      sent.on(TransactWriteCommand).rejects(new Error('no network'));
      await expect(store.insert(WEBHOOK, EVENT)).rejects.toThrow('no network');
    },
  );

  it('reads one and all consistently, page by page', async () => {
    sent.on(GetCommand).resolves({ Item: { ...KEY, webhook: WEBHOOK, revision: 4 } });
    expect(await store.find(ID)).toEqual(WEBHOOK);
    expect(sent.commandCalls(GetCommand)[0]?.args[0].input).toEqual({
      TableName: 'Keys',
      Key: KEY,
      ConsistentRead: true,
    });

    sent
      .on(QueryCommand)
      .resolvesOnce({ Items: [{ webhook: WEBHOOK }], LastEvaluatedKey: KEY })
      .resolvesOnce({ Items: [{ webhook: WEBHOOK }] });
    expect(await store.list()).toEqual([WEBHOOK, WEBHOOK]);
    expect(sent.commandCalls(QueryCommand)[1]?.args[0].input).toMatchObject({
      ConsistentRead: true,
      ExclusiveStartKey: KEY,
    });
  });
});

describe('the log', () => {
  const TRIED: WebhookTry = {
    messageId: 'msg_1',
    type: 'key.issued',
    atMs: START_MS,
    attempt: 2,
    delivered: false,
    durationMs: 5,
    failure: 'It answered 500.',
  };

  it('notes a test among the tries, and counts it neither as delivered nor as failed', async () => {
    sent.on(PutCommand).resolves({});
    sent.on(GetCommand).resolves({ Item: { pk: 'x', sk: 'y', failed: 3 } });
    const tested = { ...TRIED, attempt: 0, delivered: true };
    expect(await log.record(ID, tested)).toEqual({ delivered: 0, failed: 3, failedInARow: 0 });
    expect(sent.commandCalls(PutCommand)[0]?.args[0].input.Item).toMatchObject({ tried: tested });
    expect(sent.commandCalls(UpdateCommand)).toEqual([]);
  });

  it('puts each try by its time for a month, and counts it in one write', async () => {
    sent.on(PutCommand).resolves({});
    sent
      .on(UpdateCommand)
      .resolves({ Attributes: { pk: 'x', sk: 'y', failed: 3, failedInARow: 2, failingSinceMs: 7 } });

    expect(await log.record(ID, TRIED)).toEqual({
      delivered: 0,
      failed: 3,
      failedInARow: 2,
      failingSinceMs: 7,
    });
    expect(sent.commandCalls(PutCommand)[0]?.args[0].input.Item).toEqual({
      pk: `WEBHOOK#${ID}`,
      sk: 'TRY#2026-11-23T14:00:00.000Z#msg_1#2',
      tried: TRIED,
      ttl: START_MS / 1000 + 30 * 86_400,
    });
    expect(sent.commandCalls(UpdateCommand)[0]?.args[0].input).toMatchObject({
      Key: { pk: `WEBHOOK#${ID}`, sk: 'HEALTH' },
      UpdateExpression: expect.stringContaining('if_not_exists(failingSinceMs, :at)'),
    });
  });

  it('ends the row of failures with one that is delivered', async () => {
    sent.on(PutCommand).resolves({});
    sent.on(UpdateCommand).resolves({ Attributes: { delivered: 1 } });
    await log.record(ID, { ...TRIED, delivered: true });
    expect(sent.commandCalls(UpdateCommand)[0]?.args[0].input.UpdateExpression).toMatch(
      /REMOVE failingSinceMs$/,
    );
  });
});
