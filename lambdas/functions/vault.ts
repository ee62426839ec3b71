/** The vault as this deployment has it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type VaultClient, type VaultConfig, vaultClient } from '../adapters/vault/vault-client.ts';
import { secretCredentials, type VaultAuthMethod } from '../adapters/vault/vault-credentials.ts';

/** What `lib` tells of it, as JSON: where it is, never how to get in. */
export interface VaultSettings extends VaultConfig {
  readonly method: VaultAuthMethod;
  /** ARN or name of the secret with the credentials. */
  readonly credentialsSecretId: string;
  /** What clients call with their key; empty when the deployment does not know it. */
  readonly endpoint: string;
  /** Name of the bucket that backups go to. */
  readonly backupBucket: string;
}

export const connectVault = ({ method, credentialsSecretId, ...config }: VaultSettings): VaultClient =>
  vaultClient(config, {
    credentials: secretCredentials(new SecretsManagerClient({}), credentialsSecretId, method),
    clock: Date.now,
    sleep,
  });
