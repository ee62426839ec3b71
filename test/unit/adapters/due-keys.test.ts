import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { DynamoDueKeys } from '../../../lambdas/adapters/dynamodb/due-keys.ts';
import { newKeyItem } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { sampleKey } from '../../support/sample-records.ts';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamo = mockClient(documents);
const due = new DynamoDueKeys(documents, 'keys');

beforeEach(() => dynamo.reset());

const queries = () => dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input);
const itemOf = (keyId: string, dueAtMs: number) => newKeyItem(sampleKey(keyId, { dueAtMs }).record);

it('asks every shard of due keys for a range, and filters nothing', async () => {
  dynamo.on(QueryCommand).resolves({ Items: [] });

  expect(await due.dueBy(START_MS)).toEqual([]);
  expect(queries()).toEqual(
    Array.from({ length: 8 }, (_, shard) => ({
      TableName: 'keys',
      IndexName: 'byDueDate',
      KeyConditionExpression: 'duePk = :shard AND dueSk <= :until',
      ExpressionAttributeValues: { ':shard': `DUE#${shard}`, ':until': '2026-11-23T14:00:00.000Z#~' },
    })),
  );
});

it('has a range that ends with the last key that is due in that millisecond', async () => {
  dynamo.on(QueryCommand).resolves({ Items: [] });
  await due.dueBy(START_MS);

  const until = String(queries()[0]?.ExpressionAttributeValues?.[':until']);
  expect(String(itemOf('zzzzzzzzzzzz', START_MS)['dueSk']) <= until).toBe(true);
  expect(String(itemOf('000000000000', START_MS + 1)['dueSk']) <= until).toBe(false);
});

it('gives ids and due dates of all pages', async () => {
  const after = { pk: 'KEY#one', sk: 'META', duePk: 'DUE#0', dueSk: 'x' };
  dynamo.on(QueryCommand).resolves({ Items: [] });
  dynamo
    .on(QueryCommand, {
      ExpressionAttributeValues: { ':shard': 'DUE#0', ':until': '2026-11-23T14:00:00.000Z#~' },
    })
    .resolvesOnce({ Items: [itemOf('First0000000', START_MS - 5)], LastEvaluatedKey: after })
    .resolvesOnce({ Items: [itemOf('Second000000', START_MS)] });

  expect(await due.dueBy(START_MS)).toEqual([
    { keyId: 'First0000000', dueAtMs: START_MS - 5 },
    { keyId: 'Second000000', dueAtMs: START_MS },
  ]);
  const paged = queries().filter(({ ExclusiveStartKey }) => ExclusiveStartKey !== undefined);
  expect(paged).toMatchObject([{ ExclusiveStartKey: after }]);
});
