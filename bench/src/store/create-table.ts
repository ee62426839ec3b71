/** A table as the stack has it: keys, indexes and billing. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import {
  INDEX_AUDIT_BY_DAY,
  INDEX_BY_DUE_DATE,
  INDEX_BY_OWNER,
  INDEX_BY_ROTATION,
} from '../../../lambdas/adapters/dynamodb/key-item.ts';

interface Index {
  readonly name: string;
  readonly pk: string;
  readonly sk: string;
  readonly carries?: string[];
}

const INDEXES: readonly Index[] = [
  { name: INDEX_BY_OWNER, pk: 'ownerPk', sk: 'ownerSk' },
  { name: INDEX_BY_DUE_DATE, pk: 'duePk', sk: 'dueSk' },
  { name: INDEX_AUDIT_BY_DAY, pk: 'auditDayPk', sk: 'auditDaySk' },
  { name: INDEX_BY_ROTATION, pk: 'rotationPk', sk: 'rotationSk', carries: ['rotation', 'owner'] },
];

const schemaOf = (pk: string, sk: string) => [
  { AttributeName: pk, KeyType: 'HASH' as const },
  { AttributeName: sk, KeyType: 'RANGE' as const },
];

/** A unit test holds it to the stack's. */
export const TABLE: Omit<CreateTableCommandInput, 'TableName'> = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', ...INDEXES.flatMap(({ pk, sk }) => [pk, sk])].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: schemaOf('pk', 'sk'),
  GlobalSecondaryIndexes: INDEXES.map(({ name, pk, sk, carries }) => ({
    IndexName: name,
    KeySchema: schemaOf(pk, sk),
    Projection: carries
      ? { ProjectionType: 'INCLUDE', NonKeyAttributes: carries }
      : { ProjectionType: 'KEYS_ONLY' },
  })),
};

export async function createTable(dynamo: DynamoDBClient, name: string): Promise<void> {
  await dynamo.send(new CreateTableCommand({ TableName: name, ...TABLE }));
}
