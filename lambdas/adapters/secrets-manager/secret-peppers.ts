/** Peppers in Secrets Manager, kept in memory: a key service call for each key would cost more than all else. */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CachedPeppers } from '../../core/use-cases/cached-peppers.ts';

export const secretPeppers = (client: SecretsManagerClient, secretId: string, clock: () => number) =>
  new CachedPeppers(async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    return SecretString ?? '';
  }, clock);
