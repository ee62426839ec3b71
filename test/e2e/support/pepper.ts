/** The deployed pepper secret, as nobody but a test looks at it. */
import { randomBytes } from 'node:crypto';
import { GetItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../../../lambdas/core/domain/audit-event.ts';
import { hashKey } from '../../../lambdas/core/domain/key-hash.ts';
import type { KeyVersion } from '../../../lambdas/core/domain/key-record.ts';
import { type PepperSet, parsePeppers } from '../../../lambdas/core/domain/peppers.ts';
import { awsConfig, dynamo, tableName } from './deployment.ts';

export const secrets = new SecretsManagerClient(awsConfig);

export async function pepperSecretId(): Promise<string> {
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
  const found = SecretList.find(({ Description }) => Description?.startsWith('Keyturn: the pepper'));
  if (!found?.ARN) throw new Error('There is no pepper secret.');
  return found.ARN;
}

export async function readPeppers(): Promise<PepperSet> {
  return parsePeppers(await pepperSecretText());
}

/** The pepper's events as they are stored, oldest first. */
export async function pepperEvents(): Promise<readonly AuditEvent[]> {
  const { Items } = await dynamo.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :audit)',
      ExpressionAttributeValues: { ':pk': { S: 'PEPPER' }, ':audit': { S: 'AUDIT#' } },
    }),
  );
  return (Items ?? []).map((item) => unmarshall(item)['event'] as AuditEvent);
}

/** Under which pepper each version of a key is hashed. */
export async function peppersOf(keyId: string): Promise<readonly string[]> {
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: tableName, Key: { pk: { S: `KEY#${keyId}` }, sk: { S: 'META' } } }),
  );
  const { versions } = unmarshall(Item ?? {}) as { readonly versions: readonly KeyVersion[] };
  return versions.map(({ pepperVersion }) => pepperVersion);
}

export async function pepperSecretText(): Promise<string> {
  const SecretId = await pepperSecretId();
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  return SecretString ?? '';
}

/** As by hand. */
export async function putPepperText(SecretString: string): Promise<void> {
  await secrets.send(new PutSecretValueCommand({ SecretId: await pepperSecretId(), SecretString }));
}

/**
 * Hashes a key's first version under a pepper of that name, which is not in the secret any more: everybody else's peppers
 * stay as they are. @returns the pepper
 */
export async function hashedUnderLost(keyId: string, key: string, name: string): Promise<string> {
  const pepper = randomBytes(48).toString('base64url');
  await dynamo.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: { pk: { S: `KEY#${keyId}` }, sk: { S: 'META' } },
      UpdateExpression: 'SET versions[0].#hash = :hash, versions[0].pepperVersion = :name',
      ExpressionAttributeNames: { '#hash': 'hash' },
      ExpressionAttributeValues: {
        ':hash': { S: hashKey(key, Buffer.from(pepper, 'utf8')) },
        ':name': { S: name },
      },
      ConditionExpression: 'attribute_exists(pk)',
    }),
  );
  return pepper;
}
