/** A private local cloud with nothing in it but the table, the pepper and one key, made by Keyturn's own code. */
import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoKeyStore } from '../../../lambdas/adapters/dynamodb/dynamo-key-store.ts';
import { secretPeppers } from '../../../lambdas/adapters/secrets-manager/secret-peppers.ts';
import { issueKey } from '../../../lambdas/core/use-cases/issue-key.ts';
import type { Progress } from '../../../local/progress.ts';
import { resolvePolicies } from '../../../rules/resolve-policy.ts';
import { createTable } from './create-table.ts';
import { credentials, REGION } from './lambda-environment.ts';
import { type LocalCloud, withLocalCloud } from './local-cloud.ts';

export interface EmptyStore extends LocalCloud {
  readonly table: string;
  readonly secretId: string;
  readonly pepper: string;
}

export interface LocalStore extends EmptyStore {
  /** A plaintext key that exists nowhere but here. */
  readonly key: string;
}

/** The store lives as long as `work`, and no longer than this process. */
export const withLocalStore = <T>(progress: Progress, work: (store: LocalStore) => Promise<T>): Promise<T> =>
  withEmptyStore(progress, async (store) => work({ ...store, key: await issue(store) }));

/** The same without a key. */
export const withEmptyStore = <T>(progress: Progress, work: (store: EmptyStore) => Promise<T>): Promise<T> =>
  withLocalCloud(progress, async (cloud) => work({ ...cloud, ...(await prepare(cloud.endpoint)) }));

async function prepare(endpoint: string): Promise<Omit<EmptyStore, keyof LocalCloud>> {
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
  return { table, secretId: ARN ?? 'keyturn-bench', pepper };
}

/** @returns the key */
async function issue({ endpoint, table, secretId }: EmptyStore): Promise<string> {
  const config = { endpoint, region: REGION, credentials };
  const dynamo = new DynamoDBClient(config);
  const secrets = new SecretsManagerClient(config);
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
  return key.reveal();
}
