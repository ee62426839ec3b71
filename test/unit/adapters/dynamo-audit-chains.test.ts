import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoAuditChains } from '../../../lambdas/adapters/dynamodb/dynamo-audit-chains.ts';
import { partitionOfChain } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { CHAIN_START, chainEvent } from '../../../lambdas/core/domain/audit-event.ts';
import { START_MS } from '../../support/manual-clock.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const sent = mockClient(client);
const chains = new DynamoAuditChains(client, 'Keys');
const EVENT = chainEvent({ chain: 'webhook/w-1', owner: 'team@example.com' }, CHAIN_START, {
  action: 'pepper.added',
  actor: { principal: 'a test', via: 'vitest' },
  atMs: START_MS,
  detail: {},
});

beforeEach(() => sent.reset());

it.each([
  ['key/abc', 'KEY#abc'],
  ['pepper', 'PEPPER'],
  ['policy/standard', 'CHAIN#policy/standard'],
])('keeps the events of %s in %s', (chain, partition) => {
  expect(partitionOfChain(chain)).toBe(partition);
});

describe('head', () => {
  it('is the last event, read consistently and alone', async () => {
    sent.on(QueryCommand).resolves({ Items: [{ event: EVENT }] });

    expect(await chains.head(EVENT.chain)).toEqual({ sequence: 1, hash: EVENT.hash });
    expect(sent.commandCalls(QueryCommand)[0]?.args[0].input).toEqual({
      TableName: 'Keys',
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :audit)',
      ExpressionAttributeValues: { ':pk': 'CHAIN#webhook/w-1', ':audit': 'AUDIT#' },
      ScanIndexForward: false,
      Limit: 1,
      ProjectionExpression: 'event',
    });
  });

  it('is the start where nothing is', async () => {
    sent.on(QueryCommand).resolves({});

    expect(await chains.head('policy/new')).toEqual(CHAIN_START);
  });
});

describe('append', () => {
  it('writes the event where no other is, into its indexes too', async () => {
    sent.on(PutCommand).resolves({});

    expect(await chains.append(EVENT)).toBe('appended');
    expect(sent.commandCalls(PutCommand)[0]?.args[0].input).toEqual({
      TableName: 'Keys',
      Item: {
        pk: 'CHAIN#webhook/w-1',
        sk: 'AUDIT#0000000001',
        auditDayPk: expect.stringMatching(/^AUDIT#2026-11-23#[0-3]$/),
        auditOwnerPk: 'AUDIT-OWNER#team@example.com',
        auditActorPk: 'AUDIT-ACTOR#a test',
        auditKindPk: 'AUDIT-KIND#pepper.added',
        auditTimeSk: '2026-11-23T14:00:00.000Z#webhook/w-1#0000000001',
        event: EVENT,
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
  });

  it('is stale where another is, and throws on anything else', async () => {
    sent.on(PutCommand).rejects(new ConditionalCheckFailedException({ message: 'taken', $metadata: {} }));
    expect(await chains.append(EVENT)).toBe('stale');
    sent.on(PutCommand).rejects(new Error('throttled'));
    await expect(chains.append(EVENT)).rejects.toThrow('throttled');
  });
});
