/** A table as the stack has it: keys, indexes and billing. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { TABLE_INDEXES } from '../../../rules/table-indexes.ts';

const schemaOf = (pk: string, sk: string) => [
  { AttributeName: pk, KeyType: 'HASH' as const },
  { AttributeName: sk, KeyType: 'RANGE' as const },
];

/** A unit test holds it to the stack's. */
export const TABLE: Omit<CreateTableCommandInput, 'TableName'> = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [...new Set(['pk', 'sk', ...TABLE_INDEXES.flatMap(({ pk, sk }) => [pk, sk])])].map(
    (AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    }),
  ),
  KeySchema: schemaOf('pk', 'sk'),
  GlobalSecondaryIndexes: TABLE_INDEXES.map(({ name, pk, sk, carries }) => ({
    IndexName: name,
    KeySchema: schemaOf(pk, sk),
    Projection: carries
      ? { ProjectionType: 'INCLUDE', NonKeyAttributes: [...carries] }
      : { ProjectionType: 'KEYS_ONLY' },
  })),
};

export async function createTable(dynamo: DynamoDBClient, name: string): Promise<void> {
  await dynamo.send(new CreateTableCommand({ TableName: name, ...TABLE }));
}
