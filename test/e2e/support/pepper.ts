/** The deployed pepper secret, as nobody but a test looks at it. */
import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../../../lambdas/core/domain/audit-event.ts';
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
  const SecretId = await pepperSecretId();
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  return parsePeppers(SecretString ?? '');
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
