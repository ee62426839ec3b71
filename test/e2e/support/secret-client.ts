/** A client that reads its key from Secrets Manager, and what it reads. */
import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { deployedSecret } from '../../../local/secrets-driver/deployed-secret.ts';
import { APIS, awsConfig } from './deployment.ts';
import { PollingClient } from './polling-client.ts';

export const secretsManager = new SecretsManagerClient(awsConfig);

/** As a client reads it. */
export interface ReadSecret {
  readonly key: string;
  readonly keyId: string;
  readonly version: number;
  readonly endpoint: string;
  readonly previousVersionExpiresAt?: string;
}

export async function readSecret(secretId: string, VersionStage = 'AWSCURRENT'): Promise<ReadSecret> {
  const { SecretString } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: secretId, VersionStage }),
  );
  return JSON.parse(String(SecretString)) as ReadSecret;
}

/** The labels of AWS by the version of the key that they are on. */
export async function labelsOf(secretId: string): Promise<Readonly<Record<string, string>>> {
  const { VersionIdsToStages } = await secretsManager.send(new DescribeSecretCommand({ SecretId: secretId }));
  return Object.fromEntries(
    Object.entries(VersionIdsToStages ?? {}).flatMap(([id, stages]) =>
      stages.filter((stage) => stage.startsWith('AWS')).map((stage) => [stage, id]),
    ),
  );
}

export const driven = (secretId: string) =>
  deployedSecret({ secrets: secretsManager, lambda: new LambdaClient(awsConfig) }, secretId);

export const secretClient = (secretId: string, pollMs?: number): PollingClient =>
  PollingClient.start(() => readSecret(secretId), APIS[0].url, pollMs);
