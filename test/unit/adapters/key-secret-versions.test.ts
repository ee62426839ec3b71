import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  InvalidParameterException,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { KeySecretVersions } from '../../../lambdas/adapters/secrets-manager/key-secret-versions.ts';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';

const client = new SecretsManagerClient({ region: 'eu-central-1' });
const aws = mockClient(client);
const secrets = new KeySecretVersions(client);
const SECRET = 'keyturn/Ab3dEf7hIj9L';
const NOT_FOUND = new ResourceNotFoundException({ message: 'not found', $metadata: {} });

beforeEach(() => aws.reset());

describe('describe', () => {
  it('tells names, versions with their labels, rotation and deletion', async () => {
    aws.on(DescribeSecretCommand, { SecretId: SECRET }).resolves({
      ARN: 'arn',
      Name: SECRET,
      KmsKeyId: 'key',
      RotationEnabled: true,
      RotationLambdaARN: 'function',
      RotationRules: { AutomaticallyAfterDays: 30 },
      DeletedDate: new Date(5_000),
      VersionIdsToStages: { one: ['AWSCURRENT', 'keyturn-1'] },
    });
    expect(await secrets.describe(SECRET)).toEqual({
      arn: 'arn',
      name: SECRET,
      kmsKeyId: 'key',
      rotationEnabled: true,
      rotationLambdaArn: 'function',
      rotationRules: { AutomaticallyAfterDays: 30 },
      deletedAtMs: 5_000,
      versions: [{ id: 'one', stages: ['AWSCURRENT', 'keyturn-1'] }],
    });
  });

  it('of a new secret has no versions, and of none is nothing', async () => {
    aws.on(DescribeSecretCommand).resolvesOnce({ ARN: 'arn', Name: SECRET }).rejects(NOT_FOUND);
    expect(await secrets.describe(SECRET)).toEqual({
      arn: 'arn',
      name: SECRET,
      rotationEnabled: false,
      rotationRules: {},
      versions: [],
    });
    expect(await secrets.describe(SECRET)).toBeUndefined();
  });
});

describe('read', () => {
  it('takes a version by its id, since its label may not be seen yet', async () => {
    aws.on(GetSecretValueCommand, { SecretId: SECRET, VersionId: 'one' }).resolves({ SecretString: 'text' });
    const text = await secrets.read(SECRET, 'one');
    expect(String(text)).toBe('[redacted]');
    expect(text?.reveal()).toBe('text');
  });

  it('finds nothing in a version without a text', async () => {
    aws.on(GetSecretValueCommand).rejectsOnce(NOT_FOUND).resolves({});
    expect(await secrets.read(SECRET, 'one')).toBeUndefined();
    expect(await secrets.read(SECRET, 'one')).toBeUndefined();
  });

  it('says by name alone why it cannot be read: an answer that is no JSON is quoted in the parser’s words', async () => {
    aws.on(GetSecretValueCommand).rejects(new SyntaxError('Unexpected token in {"key":"mk_live_secret"'));
    const failure = await secrets.read(SECRET, 'one').catch((error: Error) => error);
    expect(failure).toMatchObject({
      name: 'PlaceUnready',
      message: `The secret ${SECRET} cannot be read: SyntaxError.`,
    });
    expect(failure).not.toHaveProperty('cause');
  });
});

describe('madeAtMs', () => {
  it('looks through the pages of the secret’s versions', async () => {
    aws
      .on(ListSecretVersionIdsCommand, { SecretId: SECRET })
      .resolves({ Versions: [{ VersionId: 'one', CreatedDate: new Date(1_000) }], NextToken: 'more' })
      .on(ListSecretVersionIdsCommand, { SecretId: SECRET, NextToken: 'more' })
      .resolves({ Versions: [{ VersionId: 'two', CreatedDate: new Date(2_000) }] });
    expect(await secrets.madeAtMs(SECRET, 'two')).toBe(2_000);
    expect(await secrets.madeAtMs(SECRET, 'three')).toBeUndefined();
  });
});

describe('put', () => {
  const version = { id: 'one', text: new Plaintext('text'), stages: ['AWSPENDING', 'keyturn-1'] };

  it('puts the text under its id, with its labels', async () => {
    aws.on(PutSecretValueCommand).resolves({});
    await secrets.put(SECRET, version);
    expect(aws.commandCalls(PutSecretValueCommand)[0]?.args[0].input).toEqual({
      SecretId: SECRET,
      ClientRequestToken: 'one',
      SecretString: 'text',
      VersionStages: ['AWSPENDING', 'keyturn-1'],
    });
  });

  it('leaves a text that is there, and throws what else is in the way', async () => {
    aws
      .on(PutSecretValueCommand)
      .rejectsOnce(new ResourceExistsException({ message: 'exists', $metadata: {} }))
      .rejects(NOT_FOUND);
    await expect(secrets.put(SECRET, version)).resolves.toBeUndefined();
    await expect(secrets.put(SECRET, version)).rejects.toBe(NOT_FOUND);
  });
});

describe('move', () => {
  it('names where the label is taken from, so that it is moved from there or not at all', async () => {
    aws.on(UpdateSecretVersionStageCommand).resolves({});
    expect(await secrets.move(SECRET, { stage: 'AWSCURRENT', from: 'one', to: 'two' })).toBe('moved');
    await secrets.move(SECRET, { stage: 'keyturn-1', from: 'one' });
    expect(aws.commandCalls(UpdateSecretVersionStageCommand).map(({ args }) => args[0].input)).toEqual([
      { SecretId: SECRET, VersionStage: 'AWSCURRENT', RemoveFromVersionId: 'one', MoveToVersionId: 'two' },
      { SecretId: SECRET, VersionStage: 'keyturn-1', RemoveFromVersionId: 'one' },
    ]);
  });

  it('is stale where somebody else has moved it, and a fault where the secret cannot be changed', async () => {
    const fault = new Error('denied');
    aws
      .on(UpdateSecretVersionStageCommand)
      .rejectsOnce(new InvalidParameterException({ message: 'elsewhere', $metadata: {} }))
      .rejectsOnce(NOT_FOUND)
      .rejects(fault);
    const move = () => secrets.move(SECRET, { stage: 'AWSCURRENT', from: 'one', to: 'two' });
    expect([await move(), await move()]).toEqual(['stale', 'stale']);
    await expect(move()).rejects.toBe(fault);
  });
});
