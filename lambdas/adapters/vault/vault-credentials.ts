/** The credentials for a vault, from Secrets Manager: what method they are for, and nothing of them in any error. */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Plaintext } from '../../core/domain/plaintext.ts';
import { VaultLoginRefused } from './vault-errors.ts';

export type VaultAuthMethod = 'token' | 'approle';

export type VaultCredentials =
  | { readonly method: 'token'; readonly token: Plaintext }
  | { readonly method: 'approle'; readonly roleId: Plaintext; readonly secretId: Plaintext };

export type ReadCredentials = () => Promise<VaultCredentials>;

/** What the secret's JSON must hold for each method. */
const FIELDS = { token: ['token'], approle: ['roleId', 'secretId'] } as const;

/** Reads them afresh each time, so that new ones count as soon as the old ones are refused. */
export function secretCredentials(
  client: SecretsManagerClient,
  secretId: string,
  method: VaultAuthMethod,
): ReadCredentials {
  return async () => {
    const text = await client
      .send(new GetSecretValueCommand({ SecretId: secretId }))
      .then(({ SecretString }) => SecretString ?? '')
      .catch((error: Error) => {
        throw new VaultLoginRefused(
          `The secret with the vault's credentials cannot be read (${error.name}).`,
        );
      });
    return parseCredentials(text, method);
  };
}

export function parseCredentials(text: string, method: VaultAuthMethod): VaultCredentials {
  const value = objectIn(text);
  const [first, second] = FIELDS[method].map((field) => value[field]);
  if (method === 'token' && isWord(first)) return { method, token: new Plaintext(first) };
  if (method === 'approle' && isWord(first) && isWord(second)) {
    return { method, roleId: new Plaintext(first), secretId: new Plaintext(second) };
  }
  const shape = FIELDS[method].map((field) => `"${field}": "…"`).join(', ');
  throw new VaultLoginRefused(
    `The secret with the vault's credentials is not what method '${method}' needs. Store {${shape}} in it.`,
  );
}

/** What goes into a header must not end it. */
const isWord = (value: unknown): value is string => typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
