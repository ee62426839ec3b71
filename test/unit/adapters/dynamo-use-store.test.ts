import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoUseStore } from '../../../lambdas/adapters/dynamodb/dynamo-use-store.ts';
import { START_MS } from '../../support/manual-clock.ts';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamo = mockClient(documents);
const uses = new DynamoUseStore(documents, 'keys');

beforeEach(() => dynamo.reset());

describe('totals', () => {
  it('reads the counters from the hour asked for, consistently, all pages', async () => {
    const last = { pk: 'KEY#Ab3dEf7hIj9L', sk: 'USE#2026-11-23T14#1' };
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [{ version: 1, requests: 2, lastUsedAtMs: 5 }], LastEvaluatedKey: last })
      .resolvesOnce({ Items: [{ version: 1, requests: 3, deprecatingRequests: 1, lastUsedAtMs: 4 }] });

    const totals = await uses.totals('Ab3dEf7hIj9L', START_MS + 59 * 60_000);

    expect(totals.get(1)).toEqual({ requests: 5, deprecatingRequests: 1, lastUsedAtMs: 5, callers: [] });
    const inputs = dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(inputs[0]).toEqual({
      TableName: 'keys',
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':pk': 'KEY#Ab3dEf7hIj9L',
        ':first': 'USE#2026-11-23T14#0',
        ':last': 'USE#~',
      },
    });
    expect(inputs[1]).toEqual({ ...inputs[0], ExclusiveStartKey: last });
  });
});

describe('lastMinutes', () => {
  const item = (sk: string, minutes: Record<string, number>) => ({
    sk,
    version: Number(sk.at(-1)),
    ...minutes,
  });

  it('reads back from the latest hour, hours whole, and no further than it takes', async () => {
    const last = { pk: 'KEY#Ab3dEf7hIj9L', sk: 'USE#2026-11-23T15#1' };
    dynamo
      .on(QueryCommand)
      .resolvesOnce({
        Items: [item('USE#2026-11-23T15#2', { minute_00: 2, minute_07: 1, requests: 9 })],
        LastEvaluatedKey: last,
      })
      .resolvesOnce({
        Items: [item('USE#2026-11-23T15#1', { minute_07: 4 }), item('USE#2026-11-23T14#1', { minute_59: 5 })],
        LastEvaluatedKey: last,
      });

    const minutes = await uses.lastMinutes('Ab3dEf7hIj9L', START_MS, 2);

    expect(minutes).toEqual([
      { minuteMs: START_MS + 60 * 60_000, requests: new Map([[2, 2]]) },
      {
        minuteMs: START_MS + 67 * 60_000,
        requests: new Map([
          [2, 1],
          [1, 4],
        ]),
      },
    ]);
    const inputs = dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(inputs).toHaveLength(2);
    expect(inputs[0]).toMatchObject({ ScanIndexForward: false, Limit: 8, ConsistentRead: true });
  });
});
