/** Secrets of Secrets Manager, but for those that clients read their keys from. */
import {
  GetSecretValueCommand,
  type GetSecretValueCommandOutput,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { AwsConfig } from '../deployment.ts';
import { pagesOf } from './pages.ts';

/** Named by the key's id. Holding a key is what they are for. */
const OF_A_KEY = /^keyturn\/[0-9A-Za-z]{12}$/;

export async function otherSecrets(aws: AwsConfig): Promise<Map<string, string>> {
  const secrets = new SecretsManagerClient(aws);
  const all = await pagesOf((NextToken: string | undefined) =>
    secrets
      .send(new ListSecretsCommand({ ...(NextToken ? { NextToken } : {}) }))
      .then(({ SecretList = [], NextToken: next }) => ({ items: SecretList, next })),
  );
  const texts = new Map<string, string>();
  for (const { Name = '', Description, Tags } of all) {
    const about = JSON.stringify([Name, Description, Tags]);
    texts.set(Name, OF_A_KEY.test(Name) ? about : about + (await valuesOf(secrets, Name)));
  }
  return texts;
}

async function valuesOf(secrets: SecretsManagerClient, SecretId: string): Promise<string> {
  const { Versions = [] } = await secrets.send(new ListSecretVersionIdsCommand({ SecretId }));
  const values: string[] = [];
  for (const { VersionId } of Versions) {
    const { SecretString, SecretBinary } = await secrets
      .send(new GetSecretValueCommand({ SecretId, VersionId }))
      .catch(noValue);
    values.push(SecretString ?? '', Buffer.from(SecretBinary ?? []).toString('latin1'));
  }
  return values.join('\n');
}

/** A rotation that was only tried leaves a version that holds nothing. */
function noValue(error: unknown): Partial<GetSecretValueCommandOutput> {
  if (error instanceof ResourceNotFoundException) return {};
  throw error;
}
