import {
  GetSecretValueCommand,
  InternalServiceError,
  InvalidParameterException,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { SecretsManagerPepperSecret } from '../../../lambdas/adapters/secrets-manager/pepper-secret.ts';
import { parsePeppers } from '../../../lambdas/core/domain/peppers.ts';

const PEPPER = 'p'.repeat(40);
const TEXT = JSON.stringify({ current: '1', '1': PEPPER });
const client = new SecretsManagerClient({ region: 'eu-central-1' });
const sent = mockClient(client);
const secret = new SecretsManagerPepperSecret(client, 'pepper');

beforeEach(() => {
  sent.reset();
  sent.on(GetSecretValueCommand, { SecretId: 'pepper' }).resolves({ SecretString: TEXT, VersionId: 'v-1' });
  sent.on(PutSecretValueCommand).resolves({ VersionId: 'v-2' });
  sent.on(UpdateSecretVersionStageCommand).resolves({});
});

describe('read', () => {
  it('gives the set, and the version of the secret as its revision', async () => {
    expect(await secret.read()).toEqual({ set: parsePeppers(TEXT), revision: 'v-1' });
  });

  it('says by name alone why it cannot be read', async () => {
    sent.on(GetSecretValueCommand).rejects(new SyntaxError(`Unexpected token in ${TEXT}`));

    const failure = await secret.read().catch((error: Error) => error);
    expect(failure).toMatchObject({
      name: 'PepperUnreadable',
      message: 'The pepper secret cannot be read: SyntaxError.',
    });
    expect(failure).not.toHaveProperty('cause');
  });

  it.each([undefined, 'nonsense'])('refuses %j as a set', async (SecretString) => {
    const answer = SecretString === undefined ? {} : { SecretString };
    sent.on(GetSecretValueCommand).resolves({ ...answer, VersionId: 'v-1' });

    await expect(secret.read()).rejects.toMatchObject({ name: 'PepperDamaged' });
  });
});

describe('replace', () => {
  it('puts the value aside, then moves the label of the current one from the version that was read', async () => {
    expect(await secret.replace('v-1', parsePeppers(TEXT))).toBe('v-2');

    expect(sent.calls().map(({ args }) => args[0].input)).toEqual([
      {
        SecretId: 'pepper',
        SecretString: TEXT,
        VersionStages: ['KEYTURN_NEXT'],
        ClientRequestToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
      {
        SecretId: 'pepper',
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: 'v-2',
        RemoveFromVersionId: 'v-1',
      },
    ]);
  });

  it('holds nothing when the label is on another version by now', async () => {
    const moved = new InvalidParameterException({ message: 'attached to v-9', $metadata: {} });
    sent.on(UpdateSecretVersionStageCommand).rejects(moved);

    expect(await secret.replace('v-1', parsePeppers(TEXT))).toBeUndefined();
  });

  it('takes AWSPENDING off the version that it was left on, which is in use no more', async () => {
    const VersionStages = ['AWSCURRENT', 'AWSPENDING'];
    sent.on(GetSecretValueCommand).resolves({ SecretString: TEXT, VersionId: 'v-1', VersionStages });
    const { revision, set } = await secret.read();
    await secret.replace(revision, set);
    expect(sent.commandCalls(UpdateSecretVersionStageCommand).at(-1)?.args[0].input).toEqual({
      SecretId: 'pepper',
      VersionStage: 'AWSPENDING',
      RemoveFromVersionId: 'v-1',
    });
  });

  it('takes it off nowhere where it is on another version, and minds nobody who was faster', async () => {
    await secret.read();
    await secret.replace('v-1', parsePeppers(TEXT));
    expect(sent.commandCalls(UpdateSecretVersionStageCommand)).toHaveLength(1);
    const VersionStages = ['AWSCURRENT', 'AWSPENDING'];
    sent.on(GetSecretValueCommand).resolves({ SecretString: TEXT, VersionId: 'v-1', VersionStages });
    const gone = new InvalidParameterException({ message: 'not attached', $metadata: {} });
    sent.on(UpdateSecretVersionStageCommand, { VersionStage: 'AWSPENDING' }).rejects(gone);
    await secret.read();
    expect(await secret.replace('v-1', parsePeppers(TEXT))).toBe('v-2');
  });

  it('throws on anything else, from either call', async () => {
    const broken = new InternalServiceError({ message: 'try again', $metadata: {} });
    sent.on(UpdateSecretVersionStageCommand).rejects(broken);
    await expect(secret.replace('v-1', parsePeppers(TEXT))).rejects.toBe(broken);
    sent.on(PutSecretValueCommand).rejects(broken);
    await expect(secret.replace('v-1', parsePeppers(TEXT))).rejects.toBe(broken);
  });
});
