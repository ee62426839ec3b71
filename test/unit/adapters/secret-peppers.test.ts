import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { secretPeppers } from '../../../lambdas/adapters/secrets-manager/secret-peppers.ts';
import { AwsCallError } from '../../../lambdas/adapters/signed-http/aws-call.ts';
import { signedPeppers } from '../../../lambdas/adapters/signed-http/signed-peppers.ts';
import { PepperUnreadable } from '../../../lambdas/core/domain/errors.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const SECRET = JSON.stringify({ current: '1', '1': 'p'.repeat(32) });
const client = new SecretsManagerClient({ region: 'eu-central-1' });
const secrets = mockClient(client);

beforeEach(() => secrets.reset());

describe('secretPeppers', () => {
  it('reads the secret once', async () => {
    secrets.on(GetSecretValueCommand, { SecretId: 'pepper' }).resolves({ SecretString: SECRET });
    const peppers = secretPeppers(client, 'pepper', new ManualClock().read);

    expect(await peppers.current()).toEqual({ version: '1', secret: Buffer.from('p'.repeat(32)) });
    await peppers.byVersion('1');
    expect(secrets.calls()).toHaveLength(1);
  });

  it('refuses a secret without text, which would hash every key alike', async () => {
    secrets.on(GetSecretValueCommand).resolves({});
    const peppers = secretPeppers(client, 'pepper', new ManualClock().read);

    await expect(peppers.current()).rejects.toMatchObject({ name: 'PepperDamaged' });
  });

  it('says by name alone why it cannot be read: an answer that is no JSON is quoted in the parser’s words', async () => {
    secrets.on(GetSecretValueCommand).rejects(new SyntaxError(`Unexpected token in ${SECRET}`));
    const peppers = secretPeppers(client, 'pepper', new ManualClock().read);

    const failure = await peppers.current().catch((error: Error) => error);
    expect(failure).toEqual(new PepperUnreadable('The pepper secret cannot be read: SyntaxError.'));
    expect(failure).not.toHaveProperty('cause');
  });
});

describe('signedPeppers', () => {
  it('asks for the same by a signed request', async () => {
    const calls: unknown[] = [];
    const peppers = signedPeppers(
      async (call) => {
        calls.push(call);
        return { SecretString: SECRET };
      },
      'pepper',
      new ManualClock().read,
    );

    expect(await peppers.byVersion('1')).toMatchObject({ version: '1' });
    expect(calls).toEqual([
      { service: 'secretsmanager', target: 'secretsmanager.GetSecretValue', body: { SecretId: 'pepper' } },
    ]);
  });

  it('refuses an answer without text', async () => {
    const peppers = signedPeppers(async () => ({}), 'pepper', new ManualClock().read);

    await expect(peppers.byVersion('1')).rejects.toMatchObject({ name: 'PepperDamaged' });
  });

  it('says why it cannot be read', async () => {
    const denied = new AwsCallError('AccessDeniedException', 400, 'secretsmanager.GetSecretValue');
    const peppers = signedPeppers(() => Promise.reject(denied), 'pepper', new ManualClock().read);

    await expect(peppers.byVersion('1')).rejects.toMatchObject({
      name: 'PepperUnreadable',
      message: expect.stringContaining('GetSecretValue was answered with AccessDeniedException'),
    });
  });
});
