import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { DynamoClaimTries } from '../../../lambdas/adapters/dynamodb/dynamo-claim-tries.ts';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamo = mockClient(documents);
const tries = new DynamoClaimTries(documents, 'keys');
const AT_MS = Date.parse('2026-11-23T14:59:59.999Z');

beforeEach(() => dynamo.reset());

it('adds one to the key’s counter of the hour, up to the most, to go an hour after it', async () => {
  dynamo.on(UpdateCommand).resolves({ Attributes: { tries: 7, ttl: 1 } });
  expect(await tries.count('Ab3dEf7hIj9L', AT_MS, 20)).toBe(7);
  expect(dynamo.commandCalls(UpdateCommand).map(({ args }) => args[0].input)).toEqual([
    {
      TableName: 'keys',
      Key: { pk: 'KEY#Ab3dEf7hIj9L', sk: 'CLAIM-TRIES#2026-11-23T14' },
      ConditionExpression: 'attribute_not_exists(tries) OR tries < :most',
      UpdateExpression: 'SET #ttl = :ttl ADD tries :one',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':most': 20,
        ':one': 1,
        ':ttl': Date.parse('2026-11-23T16:00:00Z') / 1000,
      },
      ReturnValues: 'UPDATED_NEW',
    },
  ]);
});

it('says that there were too many, and lets every other trouble through', async () => {
  const full = new ConditionalCheckFailedException({ message: 'full', $metadata: {} });
  dynamo.on(UpdateCommand).rejectsOnce(full).rejects(new Error('unreachable'));
  expect(await tries.count('k', AT_MS, 20)).toBe('too-many');
  await expect(tries.count('k', AT_MS, 20)).rejects.toThrow('unreachable');
});
