import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoPepperRecord } from '../../../lambdas/adapters/dynamodb/pepper-record.ts';
import { CHAIN_START, chainEvent } from '../../../lambdas/core/domain/audit-event.ts';
import { PEPPER_CHAIN } from '../../../lambdas/core/domain/pepper-events.ts';
import { START_MS } from '../../support/manual-clock.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const sent = mockClient(client);
const record = new DynamoPepperRecord(client, 'Keys');
const EVENT = chainEvent(PEPPER_CHAIN, CHAIN_START, {
  action: 'pepper.adding',
  actor: { principal: 'a test', via: 'vitest' },
  atMs: START_MS,
  detail: { pepperVersions: ['p-1'] },
});

beforeEach(() => sent.reset());

describe('append', () => {
  it('writes the event where no other is, also into the index of its day', async () => {
    sent.on(PutCommand).resolves({});

    expect(await record.append(EVENT)).toBe('appended');
    expect(sent.commandCalls(PutCommand)[0]?.args[0].input).toEqual({
      TableName: 'Keys',
      Item: {
        pk: 'PEPPER',
        sk: 'AUDIT#0000000001',
        auditDayPk: expect.stringMatching(/^AUDIT#2026-11-23#[0-3]$/),
        auditActorPk: 'AUDIT-ACTOR#a test',
        auditKindPk: 'AUDIT-KIND#pepper.adding',
        auditTimeSk: '2026-11-23T14:00:00.000Z#pepper#0000000001',
        event: EVENT,
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
  });

  it('is stale where another is, and throws on anything else', async () => {
    sent.on(PutCommand).rejects(new ConditionalCheckFailedException({ message: 'taken', $metadata: {} }));
    expect(await record.append(EVENT)).toBe('stale');
    sent.on(PutCommand).rejects(new Error('throttled'));
    await expect(record.append(EVENT)).rejects.toThrow('throttled');
  });
});

describe('events', () => {
  it('reads the chain consistently, page by page', async () => {
    const from = { pk: 'PEPPER', sk: 'AUDIT#0000000001' };
    sent
      .on(QueryCommand)
      .resolvesOnce({ Items: [{ event: EVENT }], LastEvaluatedKey: from })
      .resolvesOnce({ Items: [{ event: { ...EVENT, sequence: 2 } }] });

    expect((await record.events()).map(({ sequence }) => sequence)).toEqual([1, 2]);
    const [first, second] = sent.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(first).toEqual({
      TableName: 'Keys',
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :audit)',
      ExpressionAttributeValues: { ':pk': 'PEPPER', ':audit': 'AUDIT#' },
    });
    expect(second).toEqual({ ...first, ExclusiveStartKey: from });
  });
});

describe('the last count', () => {
  it('is one item, written anew each time', async () => {
    const count = { countedAtMs: START_MS, needs: { '1': 2 } };
    sent.on(PutCommand).resolves({});
    sent.on(GetCommand).resolves({ Item: { pk: 'PEPPER', sk: 'COUNT', count } });

    await record.saveCount(count);
    expect(await record.lastCount()).toEqual(count);

    const key = { pk: 'PEPPER', sk: 'COUNT' };
    expect(sent.commandCalls(PutCommand)[0]?.args[0].input).toEqual({
      TableName: 'Keys',
      Item: { ...key, count },
    });
    expect(sent.commandCalls(GetCommand)[0]?.args[0].input).toEqual({
      TableName: 'Keys',
      Key: key,
      ConsistentRead: true,
    });
  });
});
