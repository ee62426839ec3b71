/** The secret under which challenges are made, read once in a while. */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Misconfigured } from '../../core/domain/errors.ts';

/** One that was replaced is taken up after this long; challenges of the former one are then refused, and asked for anew. */
const MAX_AGE_MS = 300_000;
const SHORTEST = 32;

export function challengeSecret(
  client: SecretsManagerClient,
  secretId: string,
  clock: () => number,
): () => Promise<Uint8Array> {
  let loading: Promise<Uint8Array> | undefined;
  let loadedAtMs = 0;
  return () => {
    const ageMs = clock() - loadedAtMs;
    if (loading && ageMs >= 0 && ageMs < MAX_AGE_MS) return loading;
    const read = readSecret(client, secretId);
    loading = read;
    loadedAtMs = clock();
    // A failed read is forgotten, so that the next request tries again.
    read.catch(() => {
      if (loading === read) loading = undefined;
    });
    return read;
  };
}

async function readSecret(client: SecretsManagerClient, secretId: string): Promise<Uint8Array> {
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  if (SecretString.length < SHORTEST) throw new Misconfigured('The secret of challenges is too short.');
  return new TextEncoder().encode(SecretString);
}
