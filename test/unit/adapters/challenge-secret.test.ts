import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { challengeSecret } from '../../../lambdas/adapters/secrets-manager/challenge-secret.ts';

const client = new SecretsManagerClient({ region: 'eu-central-1' });
const secrets = mockClient(client);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
let nowMs = 0;
const make = () => challengeSecret(client, 'arn:secret', () => nowMs);

beforeEach(() => {
  secrets.reset();
  nowMs = 1_000_000;
});

it('is read once for all who ask, and again when the copy is five minutes old', async () => {
  secrets.on(GetSecretValueCommand).resolvesOnce({ SecretString: 'a'.repeat(64) });
  const secret = make();
  expect((await Promise.all([secret(), secret()])).map(text)).toEqual(Array(2).fill('a'.repeat(64)));
  nowMs += 299_999;
  await secret();
  expect(secrets.commandCalls(GetSecretValueCommand)).toHaveLength(1);
  secrets.on(GetSecretValueCommand).resolves({ SecretString: 'b'.repeat(64) });
  nowMs += 1;
  expect(text(await secret())).toBe('b'.repeat(64));
});

it('is read again after a failure, and never taken from a clock that went back', async () => {
  secrets
    .on(GetSecretValueCommand)
    .rejectsOnce(new Error('throttled'))
    .resolves({ SecretString: 'c'.repeat(32) });
  const secret = make();
  await expect(secret()).rejects.toThrow('throttled');
  expect(text(await secret())).toBe('c'.repeat(32));
  nowMs -= 5_000;
  await secret();
  expect(secrets.commandCalls(GetSecretValueCommand)).toHaveLength(3);
});

it.each([undefined, '', 'a'.repeat(31)])('is none when it is %j', async (SecretString) => {
  secrets.on(GetSecretValueCommand).resolves(SecretString === undefined ? {} : { SecretString });
  await expect(make()()).rejects.toMatchObject({ name: 'Misconfigured' });
});
