import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  parseCredentials,
  secretCredentials,
  type VaultAuthMethod,
} from '../../../lambdas/adapters/vault/vault-credentials.ts';

const client = new SecretsManagerClient({ region: 'eu-central-1' });
const secrets = mockClient(client);
beforeEach(() => secrets.reset());

const ROLE = { roleId: 'the-role', secretId: 's3cr3t-id' };

describe('credentials for a vault', () => {
  it('are what their method needs, and print as nothing', () => {
    const role = parseCredentials(JSON.stringify(ROLE), 'approle');
    expect(role.method === 'approle' && [role.roleId.reveal(), role.secretId.reveal()]).toEqual([
      'the-role',
      's3cr3t-id',
    ]);
    const token = parseCredentials('{"token":"s.abc","more":1}', 'token');
    expect(token.method === 'token' && token.token.reveal()).toBe('s.abc');
    expect(JSON.stringify([role, token])).not.toMatch(/s3cr3t|s\.abc/);
  });

  it.each<[string, VaultAuthMethod, string]>([
    ['no JSON', 'token', 's.abc-plain'],
    ['another method’s', 'token', JSON.stringify(ROLE)],
    ['a half', 'approle', '{"roleId":"the-role"}'],
    ['empty', 'token', '{"token":""}'],
    ['no text', 'token', '{"token":7}'],
    ['what would end a header', 'token', '{"token":"s.abc\\r\\nx-other: 1"}'],
    ['a list', 'approle', '["the-role"]'],
    ['nothing', 'token', ''],
  ])('that are %s are refused with their shape and without a word of them', (_what, method, text) => {
    const error = (() => {
      try {
        return parseCredentials(text, method);
      } catch (thrown) {
        return thrown as Error;
      }
    })() as Error;
    expect(error).toMatchObject({ name: 'VaultLoginRefused' });
    expect(error.message).toMatch(/Store \{"(token|roleId)": "…"/);
    expect(error.message).not.toMatch(/abc|the-role/);
  });

  it('are read afresh each time', async () => {
    secrets.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify(ROLE) });
    const read = secretCredentials(client, 'keyturn-vault', 'approle');
    await read();
    await read();
    expect(secrets.commandCalls(GetSecretValueCommand).map(({ args }) => args[0].input)).toEqual([
      { SecretId: 'keyturn-vault' },
      { SecretId: 'keyturn-vault' },
    ]);
  });

  it('that cannot be read are said by the error’s name alone', async () => {
    const denied = Object.assign(new Error('s3cr3t-id is what it said'), { name: 'AccessDeniedException' });
    secrets.on(GetSecretValueCommand).rejects(denied);
    const error = await secretCredentials(client, 'keyturn-vault', 'approle')().catch(
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({
      name: 'VaultLoginRefused',
      message: "The secret with the vault's credentials cannot be read (AccessDeniedException).",
    });
    expect((error as Error).cause).toBeUndefined();
  });
});
