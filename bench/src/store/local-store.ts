/** A private local cloud with nothing in it but the table, the pepper and one key, made by Keyturn's own code. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoKeyStore } from '../../../lambdas/adapters/dynamodb/dynamo-key-store.ts';
import { secretPeppers } from '../../../lambdas/adapters/secrets-manager/secret-peppers.ts';
import { issueKey } from '../../../lambdas/core/use-cases/issue-key.ts';
import { startEmulator, stopEmulator } from '../../../local/emulator.ts';
import { emulatorHealth } from '../../../local/emulator-health.ts';
import { ensureEmulatorPackages } from '../../../local/emulator-packages.ts';
import type { Progress } from '../../../local/progress.ts';
import { resolvePolicies } from '../../../rules/resolve-policy.ts';
import { credentials, REGION } from './lambda-environment.ts';

export interface LocalStore {
  readonly endpoint: string;
  /** The emulator's version. */
  readonly version: string;
  readonly table: string;
  readonly secretId: string;
  readonly pepper: string;
  /** A plaintext key that exists nowhere but here. */
  readonly key: string;
}

/** The store lives as long as `work`, and no longer than this process. */
export async function withLocalStore<T>(
  progress: Progress,
  work: (store: LocalStore) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'keyturn-bench-store-'));
  const python = await ensureEmulatorPackages(progress);
  const record = await progress.step('Starting a local cloud of its own', () =>
    startEmulator({ directory, python, ownerPid: process.pid }),
  );
  try {
    const health = await emulatorHealth(record.endpoint);
    return await work({
      endpoint: record.endpoint,
      version: health?.version ?? 'unknown',
      ...(await fill(record.endpoint)),
    });
  } finally {
    await stopEmulator(directory, record);
    rmSync(directory, { recursive: true, force: true });
  }
}

async function fill(endpoint: string): Promise<Omit<LocalStore, 'endpoint' | 'version'>> {
  const config = { endpoint, region: REGION, credentials };
  const dynamo = new DynamoDBClient(config);
  const secrets = new SecretsManagerClient(config);
  const table = 'keyturn-bench';
  const pepper = randomBytes(48).toString('base64url');
  await createTable(dynamo, table);
  const { ARN } = await secrets.send(
    new CreateSecretCommand({
      Name: 'keyturn-bench',
      SecretString: JSON.stringify({ current: '1', '1': pepper }),
    }),
  );
  const secretId = ARN ?? 'keyturn-bench';
  const documents = DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } });
  const policies = resolvePolicies({});
  if (!policies.ok) throw new Error(policies.message);
  const { key } = await issueKey(
    {
      store: new DynamoKeyStore(documents, table),
      sealer: { seal: () => Promise.reject(new Error('The benchmark issues to operators.')) },
      peppers: secretPeppers(secrets, secretId, Date.now),
      policies: policies.value,
      prefix: 'mk',
      clock: Date.now,
      randomBytes,
    },
    {
      owner: 'team@example.com',
      name: 'bench',
      environment: 'live',
      scopes: ['tools:*', 'orders:read'],
      policy: 'standard',
      delivery: 'operator',
      allowedAddresses: [],
    },
    { principal: 'bench', via: 'bench', requestId: 'bench' },
  );
  return { table, secretId, pepper, key: key.reveal() };
}

/** The stack's table, as far as reading one item can tell. */
async function createTable(dynamo: DynamoDBClient, table: string): Promise<void> {
  await dynamo.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
}
