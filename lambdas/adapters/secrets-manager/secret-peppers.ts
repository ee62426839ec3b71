/** Peppers in Secrets Manager, kept in memory: a key service call for each key would cost more than all else. */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PepperUnreadable } from '../../core/domain/errors.ts';
import { CachedPeppers } from '../../core/use-cases/cached-peppers.ts';

export const secretPeppers = (client: SecretsManagerClient, secretId: string, clock: () => number) =>
  new CachedPeppers(async () => {
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
      return SecretString ?? '';
    } catch (error) {
      throw unreadable(error);
    }
  }, clock);

/** By its name alone: an error of the SDK may quote the answer that it could not read. */
export const unreadable = (error: unknown): PepperUnreadable =>
  new PepperUnreadable(
    `The pepper secret cannot be read: ${error instanceof Error ? error.name : 'unknown'}.`,
  );
