/** Tables like the stack's, each for one purpose, on the local cloud; and the clients that the adapters use. */
import {
  BillingMode,
  CreateTableCommand,
  DeleteTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { awsCaller } from '../../../lambdas/adapters/signed-http/aws-call.ts';
import { TABLE_INDEXES } from '../../../rules/table-indexes.ts';
import { awsConfig, dynamo } from './deployment.ts';

const schema = (pk: string, sk: string) => [
  { AttributeName: pk, KeyType: 'HASH' as const },
  { AttributeName: sk, KeyType: 'RANGE' as const },
];

export async function createTable(name: string): Promise<void> {
  const names = [...new Set(['pk', 'sk', ...TABLE_INDEXES.flatMap(({ pk, sk }) => [pk, sk])])];
  await dynamo.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: BillingMode.PAY_PER_REQUEST,
      KeySchema: schema('pk', 'sk'),
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      GlobalSecondaryIndexes: TABLE_INDEXES.map(({ name, pk, sk, carries }) => ({
        IndexName: name,
        KeySchema: schema(pk, sk),
        Projection: carries
          ? { ProjectionType: 'INCLUDE', NonKeyAttributes: [...carries] }
          : { ProjectionType: 'KEYS_ONLY' },
      })),
    }),
  );
  await waitUntilTableExists({ client: dynamo, maxWaitTime: 60 }, { TableName: name });
}

export async function deleteTable(name: string): Promise<void> {
  await dynamo.send(new DeleteTableCommand({ TableName: name }));
}

export const documents = DynamoDBDocumentClient.from(dynamo, {
  marshallOptions: { removeUndefinedValues: true },
});

/** As the authorizer calls. */
export const signedCall = awsCaller({
  region: awsConfig.region,
  urlSuffix: 'amazonaws.com',
  endpoint: awsConfig.endpoint,
  credentials: () => awsConfig.credentials,
  timeoutMs: 10_000,
  attempts: 3,
});
