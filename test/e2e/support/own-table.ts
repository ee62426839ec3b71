/** Tables like the stack's, each for one purpose, on the local cloud; and the clients that the adapters use. */
import {
  BillingMode,
  CreateTableCommand,
  DeleteTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  INDEX_AUDIT_BY_DAY,
  INDEX_BY_DUE_DATE,
  INDEX_BY_OWNER,
  INDEX_BY_ROTATION,
} from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { awsCaller } from '../../../lambdas/adapters/signed-http/aws-call.ts';
import { awsConfig, dynamo } from './deployment.ts';

/** As the stack's table has them: a unit test holds the stack to the same names. */
const INDEXES = [
  { name: INDEX_BY_OWNER, pk: 'ownerPk', sk: 'ownerSk' },
  { name: INDEX_BY_DUE_DATE, pk: 'duePk', sk: 'dueSk' },
  { name: INDEX_AUDIT_BY_DAY, pk: 'auditDayPk', sk: 'auditDaySk' },
  { name: INDEX_BY_ROTATION, pk: 'rotationPk', sk: 'rotationSk', carries: ['rotation', 'owner'] },
];

const schema = (pk: string, sk: string) => [
  { AttributeName: pk, KeyType: 'HASH' as const },
  { AttributeName: sk, KeyType: 'RANGE' as const },
];

export async function createTable(name: string): Promise<void> {
  const names = ['pk', 'sk', ...INDEXES.flatMap(({ pk, sk }) => [pk, sk])];
  await dynamo.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: BillingMode.PAY_PER_REQUEST,
      KeySchema: schema('pk', 'sk'),
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      GlobalSecondaryIndexes: INDEXES.map(({ name, pk, sk, carries }) => ({
        IndexName: name,
        KeySchema: schema(pk, sk),
        Projection: carries
          ? { ProjectionType: 'INCLUDE', NonKeyAttributes: carries }
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
