import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { DynamoNonces } from '../../../lambdas/adapters/dynamodb/dynamo-nonces.ts';
import { START_MS } from '../../support/manual-clock.ts';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamo = mockClient(documents);
const nonces = new DynamoNonces(documents, 'keys');

beforeEach(() => dynamo.reset());

it('writes the nonce beside its key, if it is not there, to go some time after it expires', async () => {
  dynamo.on(PutCommand).resolves({});
  expect(await nonces.spend('Ab3dEf7hIj9L', 'n-1', START_MS + 1)).toBe('spent');
  expect(dynamo.commandCalls(PutCommand).map(({ args }) => args[0].input)).toEqual([
    {
      TableName: 'keys',
      ConditionExpression: 'attribute_not_exists(pk)',
      Item: { pk: 'KEY#Ab3dEf7hIj9L', sk: 'NONCE#n-1', ttl: START_MS / 1000 + 1 },
    },
  ]);
});

it('says that it was used, and lets every other trouble through', async () => {
  const used = new ConditionalCheckFailedException({ message: 'there', $metadata: {} });
  dynamo.on(PutCommand).rejectsOnce(used).rejects(new Error('unreachable'));
  expect(await nonces.spend('k', 'n', START_MS)).toBe('used');
  await expect(nonces.spend('k', 'n', START_MS)).rejects.toThrow('unreachable');
});
