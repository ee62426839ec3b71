import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { DynamoMinuteReader } from '../../../lambdas/adapters/dynamodb/dynamo-minute-reader.ts';
import { START_MS } from '../../support/manual-clock.ts';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamo = mockClient(documents);

it('asks for the minute, the version and the last use alone, which is all that its role may read', async () => {
  dynamo.on(QueryCommand).resolves({
    Items: [
      { version: 1, lastUsedAtMs: 5, minute_07: 3 },
      { version: 2, lastUsedAtMs: 6 },
    ],
  });

  const minute = await new DynamoMinuteReader(documents, 'keys').minute(
    'Ab3dEf7hIj9L',
    START_MS + 7 * 60_000,
  );

  expect(minute).toEqual({
    requests: new Map([
      [1, 3],
      [2, 0],
    ]),
    lastUsesMs: new Map([
      [1, 5],
      [2, 6],
    ]),
  });
  expect(dynamo.commandCalls(QueryCommand)[0]?.args[0].input).toEqual({
    TableName: 'keys',
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :hour)',
    ExpressionAttributeValues: { ':pk': 'KEY#Ab3dEf7hIj9L', ':hour': 'USE#2026-11-23T14#' },
    Select: 'SPECIFIC_ATTRIBUTES',
    ProjectionExpression: '#v, #l, #m',
    ExpressionAttributeNames: { '#v': 'version', '#l': 'lastUsedAtMs', '#m': 'minute_07' },
  });
});
