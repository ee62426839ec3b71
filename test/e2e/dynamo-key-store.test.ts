/** The adapters on a real table and a real key service keep the contracts that the unit tests' fakes keep. */
import {
  BillingMode,
  CreateTableCommand,
  DeleteTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { DynamoEmergencyRuns } from '../../lambdas/adapters/dynamodb/dynamo-emergency-runs.ts';
import { DynamoKeyStore } from '../../lambdas/adapters/dynamodb/dynamo-key-store.ts';
import { DynamoMinuteReader } from '../../lambdas/adapters/dynamodb/dynamo-minute-reader.ts';
import { DynamoNonces } from '../../lambdas/adapters/dynamodb/dynamo-nonces.ts';
import { DynamoRotations } from '../../lambdas/adapters/dynamodb/dynamo-rotations.ts';
import { DynamoUseStore } from '../../lambdas/adapters/dynamodb/dynamo-use-store.ts';
import {
  INDEX_AUDIT_BY_DAY,
  INDEX_BY_DUE_DATE,
  INDEX_BY_OWNER,
  INDEX_BY_ROTATION,
} from '../../lambdas/adapters/dynamodb/key-item.ts';
import { EnvelopeSealer } from '../../lambdas/adapters/kms/envelope-sealer.ts';
import { awsCaller } from '../../lambdas/adapters/signed-http/aws-call.ts';
import { SignedKeyReader } from '../../lambdas/adapters/signed-http/signed-key-reader.ts';
import { SignedUseWriter } from '../../lambdas/adapters/signed-http/signed-use-writer.ts';
import { keySealerContract } from '../support/key-sealer-contract.ts';
import { keyStoreContract } from '../support/key-store-contract.ts';
import { noncesContract } from '../support/nonces-contract.ts';
import { rotationsContract } from '../support/rotations-contract.ts';
import { runsContract } from '../support/runs-contract.ts';
import { useStoreContract } from '../support/use-store-contract.ts';
import { awsConfig, dynamo } from './support/deployment.ts';

/** A table of its own, so that the deployed stack's keys are no part of what is listed here. */
const TABLE = `key-store-contract-${process.pid}`;

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

beforeAll(async () => {
  const names = ['pk', 'sk', ...INDEXES.flatMap(({ pk, sk }) => [pk, sk])];
  await dynamo.send(
    new CreateTableCommand({
      TableName: TABLE,
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
  await waitUntilTableExists({ client: dynamo, maxWaitTime: 60 }, { TableName: TABLE });
});

afterAll(async () => {
  await dynamo.send(new DeleteTableCommand({ TableName: TABLE }));
});

const documents = DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } });

keyStoreContract('DynamoKeyStore', async () => new DynamoKeyStore(documents, TABLE));

runsContract('DynamoEmergencyRuns', async () => new DynamoEmergencyRuns(documents, TABLE));

useStoreContract('SignedUseWriter, SignedKeyReader and DynamoUseStore', async () => {
  const call = awsCaller({
    region: awsConfig.region,
    urlSuffix: 'amazonaws.com',
    endpoint: awsConfig.endpoint,
    credentials: () => awsConfig.credentials,
    timeoutMs: 10_000,
    attempts: 3,
  });
  return {
    store: new DynamoKeyStore(documents, TABLE),
    reader: new SignedKeyReader(call, TABLE),
    writer: new SignedUseWriter(call, TABLE),
    uses: new DynamoUseStore(documents, TABLE),
    minutes: new DynamoMinuteReader(documents, TABLE),
  };
});

noncesContract('DynamoNonces', async () => new DynamoNonces(documents, TABLE));

rotationsContract('DynamoKeyStore and DynamoRotations', async () => ({
  store: new DynamoKeyStore(documents, TABLE),
  rotations: new DynamoRotations(documents, TABLE),
}));

keySealerContract('EnvelopeSealer', async () => {
  const kms = new KMSClient(awsConfig);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'Sealer contract' }));
  return new EnvelopeSealer(kms, KeyMetadata?.KeyId as string);
});
