/** Troubles with the pepper as DynamoDB is asked for them. */
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoPepperFaults } from '../../../lambdas/adapters/dynamodb/dynamo-pepper-faults.ts';
import { notedFaultOf } from '../../../lambdas/adapters/dynamodb/pepper-fault-item.ts';
import type { CallAws } from '../../../lambdas/adapters/signed-http/aws-call.ts';
import { SignedPepperFaultWriter } from '../../../lambdas/adapters/signed-http/signed-pepper-fault-writer.ts';
import { faultName, faultNamed, type PepperFaultCount } from '../../../lambdas/core/domain/pepper-fault.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { sampleEvent } from '../../support/sample-events.ts';

const PLACE = `${new Date(START_MS).toISOString()}#missing#1`;
const FAULT: PepperFaultCount = {
  trouble: 'missing',
  pepperVersion: '1',
  windowMs: START_MS,
  metBy: { authorizer: 3 },
  firstAtMs: START_MS + 1,
  lastAtMs: START_MS + 9,
};

it('is noted by the authorizer in one update, which needs no item', async () => {
  const calls: unknown[] = [];
  const call: CallAws = async ({ target, body }) => {
    calls.push({ target, ...body });
    return {};
  };
  await new SignedPepperFaultWriter(call, 'keys').add(FAULT);
  expect(calls).toEqual([
    {
      target: 'DynamoDB_20120810.UpdateItem',
      TableName: 'keys',
      Key: marshall({ pk: 'FAULTS', sk: PLACE }),
      UpdateExpression: 'SET #f = if_not_exists(#f, :f), #l = :l, #t = :t ADD #b0 :b0',
      ExpressionAttributeNames: { '#f': 'firstAtMs', '#l': 'lastAtMs', '#t': 'ttl', '#b0': 'by_authorizer' },
      ExpressionAttributeValues: marshall({
        ':f': START_MS + 1,
        ':l': START_MS + 9,
        ':t': START_MS / 1000 + 2 * 86_400,
        ':b0': 3,
      }),
    },
  ]);
});

it('says of counts that came in another order when it was met first and last', () => {
  const item = { sk: PLACE, by_authorizer: 3, firstAtMs: START_MS + 9, lastAtMs: START_MS + 1 };
  expect(notedFaultOf(item)).toEqual({ ...FAULT, counted: false });
});

describe('DynamoPepperFaults', () => {
  const dynamo = mockClient(DynamoDBDocumentClient);
  const client = new DynamoDBClient({ region: 'eu-central-1' });
  const ledger = new DynamoPepperFaults(DynamoDBDocumentClient.from(client), 'keys');
  const EVENT = sampleEvent('pepper.fault', {}, { chain: 'pepper' });
  beforeEach(() => dynamo.reset());

  it('reads windows from one on, consistently', async () => {
    dynamo.on(QueryCommand).resolves({ Items: [{ sk: PLACE, by_authorizer: 3, firstAtMs: 1, lastAtMs: 2 }] });
    expect(await ledger.since(START_MS)).toEqual([{ ...FAULT, firstAtMs: 1, lastAtMs: 2, counted: false }]);
    expect(dynamo.commandCalls(QueryCommand)[0]?.args[0].input).toMatchObject({
      TableName: 'keys',
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk >= :from',
      ExpressionAttributeValues: { ':pk': 'FAULTS', ':from': new Date(START_MS).toISOString() },
    });
  });

  it.each([
    ['told', 'toldTimes'],
    ['counted', 'countedTimes'],
  ] as const)('writes the event and that it is %s, both or neither', async (as, attribute) => {
    dynamo.on(TransactWriteCommand).resolves({});
    expect(await ledger.tell(FAULT, as, EVENT)).toBe('told');
    const [{ args } = { args: [] }] = dynamo.commandCalls(TransactWriteCommand);
    expect(args[0]?.input.TransactItems).toEqual([
      {
        Put: {
          TableName: 'keys',
          Item: expect.objectContaining({ pk: 'PEPPER', sk: 'AUDIT#0000000001', event: EVENT }),
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      {
        Update: {
          TableName: 'keys',
          Key: { pk: 'FAULTS', sk: PLACE },
          UpdateExpression: 'SET #told = :times',
          ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#told)',
          ExpressionAttributeNames: { '#told': attribute },
          ExpressionAttributeValues: { ':times': 3 },
        },
      },
    ]);
  });

  it.each([
    ['stale', ['ConditionalCheckFailed', 'None']],
    ['known', ['None', 'ConditionalCheckFailed']],
    ['known', ['ConditionalCheckFailed', 'ConditionalCheckFailed']],
    ['stale', ['TransactionConflict', 'None']],
    ['stale', ['None', 'TransactionConflict']],
  ])('is %s after %j', async (outcome, codes) => {
    dynamo.on(TransactWriteCommand).rejects(
      new TransactionCanceledException({
        $metadata: {},
        message: 'Cancelled',
        CancellationReasons: codes.map((Code) => ({ Code })),
      }),
    );
    expect(await ledger.tell(FAULT, 'told', EVENT)).toBe(outcome);
  });

  it('fails where the table does', async () => {
    dynamo.on(TransactWriteCommand).rejects(new Error('AccessDenied'));
    await expect(ledger.tell(FAULT, 'told', EVENT)).rejects.toThrow('AccessDenied');
  });
});

describe('the name of a fault', () => {
  it.each([
    { trouble: 'unreadable' },
    { trouble: 'missing', pepperVersion: '20261123T140000000Z-4fK2mQ9x' },
    { trouble: 'missing', pepperVersion: 'by#hand#' },
    { trouble: 'damaged', pepperVersion: '' },
  ] as const)('says again what %j is', (kind) => {
    expect(faultNamed(faultName(kind))).toEqual(kind);
  });

  it.each(['', 'lost', 'MISSING#1'])('is none: %j', (name) => {
    expect(faultNamed(name)).toBeUndefined();
    expect(notedFaultOf({ sk: `${new Date(START_MS).toISOString()}#${name}` })).toBeUndefined();
  });

  it('is of no window where the item’s place has none', () => {
    expect(notedFaultOf({ sk: 'soon#missing#1' })).toBeUndefined();
  });
});
