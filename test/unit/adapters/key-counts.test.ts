import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { DynamoKeyCounts } from '../../../lambdas/adapters/dynamodb/key-counts.ts';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamo = mockClient(documents);
const counts = new DynamoKeyCounts(documents, 'keys');

beforeEach(() => dynamo.reset());

it('counts every shard of every status in the index of due dates, page by page, and reads no key', async () => {
  const after = { pk: 'KEY#one', sk: 'META', duePk: 'DUE#3', dueSk: 'x' };
  const shard = (name: string) => ({ ExpressionAttributeValues: { ':partition': name } });
  dynamo.on(QueryCommand).resolves({ Count: 0 });
  dynamo
    .on(QueryCommand, shard('DUE#3'))
    .resolvesOnce({ Count: 4_000, LastEvaluatedKey: after })
    .resolves({ Count: 812 });
  dynamo.on(QueryCommand, shard('DUE#7')).resolves({ Count: 5 });
  dynamo.on(QueryCommand, shard('OFF#0')).resolves({ Count: 2 });
  dynamo.on(QueryCommand, shard('REVOKED#1')).resolves({ Count: 9 });

  expect(await counts.byStatus()).toEqual({ enabled: 4_817, disabled: 2, revoked: 9 });
  const queries = dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input);
  expect(queries).toHaveLength(3 * 8 + 1);
  for (const query of queries) expect(query).toMatchObject({ IndexName: 'byDueDate', Select: 'COUNT' });
  expect(queries.filter(({ ExclusiveStartKey }) => ExclusiveStartKey)).toMatchObject([
    { ExclusiveStartKey: after },
  ]);
});
