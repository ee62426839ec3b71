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
