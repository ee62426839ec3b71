import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalError } from '../../../local/local-error.ts';
import { rotateSecret } from '../../../local/secrets-driver/rotate-secret.ts';
import { FakeAws, Fault } from '../../support/fake-aws.ts';
import { serveSecrets } from '../../support/fake-secrets.ts';
import type { MemorySecrets } from '../../support/memory-secrets.ts';

const NAME = 'keyturn/Ab3dEf7hIj9L';
const TOKEN = '11111111-2222-3333-4444-555555555555';
const aws = await FakeAws.start();
const cloud = { endpoint: aws.endpoint, region: 'us-east-1', outputs: { PepperSecretArn: NAME } };
let secrets: MemorySecrets;
let said: string[];
const progress = { say: (line: string) => void said.push(line) };

beforeEach(() => {
  said = [];
  aws.calls.length = 0;
  for (const name of Object.keys(aws.operations)) delete aws.operations[name];
  secrets = serveSecrets(aws);
  const secret = secrets.create(NAME);
  secret.rotation = { enabled: true, functionArn: 'rotate-secrets', rules: {} };
  secrets.put(NAME, 'first', '{"version":1}', undefined, false);
  aws.operations['invocations'] = ({ Step, SecretId, ClientRequestToken }) => {
    const id = String(SecretId);
    const token = String(ClientRequestToken);
    if (Step === 'createSecret') secrets.put(id, token, '{"version":2}', ['AWSPENDING'], true);
    if (Step === 'finishSecret') secrets.move(id, 'AWSCURRENT', 'first', token);
    return {};
  };
});
afterAll(() => aws.stop());

describe('npm run local -- rotate-secret', () => {
  it('calls the secret’s own rotation function with its ARN, and shows each step and the labels', async () => {
    await rotateSecret(cloud, NAME, { token: TOKEN }, progress);
    expect(aws.bodiesOf('invocations')).toEqual(
      ['createSecret', 'setSecret', 'testSecret', 'finishSecret'].map((Step) => ({
        Step,
        SecretId: secrets.find(NAME).arn,
        ClientRequestToken: TOKEN,
      })),
    );
    expect(said).toEqual([
      `Rotating ${NAME} under the token ${TOKEN}, as Secrets Manager does.`,
      '  createSecret',
      '  setSecret',
      '  testSecret',
      '  finishSecret',
      'AWSPREVIOUS  first',
      `AWSCURRENT  ${TOKEN}`,
    ]);
  });

  it('takes pepper for the pepper’s secret', async () => {
    await rotateSecret(cloud, 'pepper', { token: TOKEN }, progress);
    expect(aws.bodiesOf('invocations')[0]).toMatchObject({ SecretId: secrets.find(NAME).arn });
    expect(said[0]).toBe(`Rotating pepper under the token ${TOKEN}, as Secrets Manager does.`);
  });

  it('with --test calls testSecret alone', async () => {
    await rotateSecret(cloud, NAME, { test: true }, progress);
    expect(aws.bodiesOf('invocations').map(({ Step }) => Step)).toEqual(['testSecret']);
    expect(said.at(-1)).toBe('AWSCURRENT  first');
  });

  it('says how to begin a rotation again that has failed', async () => {
    aws.operations['invocations'] = () => ({});
    await expect(rotateSecret(cloud, NAME, { token: TOKEN }, progress)).rejects.toThrow(
      new LocalError(
        `finishSecret failed: AWSCURRENT is not on version ${TOKEN}.\nSecrets Manager would begin it again: npm run local -- rotate-secret ${NAME} --token ${TOKEN}`,
      ),
    );
  });

  it('refuses what Secrets Manager refuses, and throws what AWS says otherwise', async () => {
    secrets.beginRotation(NAME, '21111111-2222-3333-4444-555555555555');
    await expect(rotateSecret(cloud, NAME, {}, progress)).rejects.toThrow(
      /A previous rotation isn't complete/,
    );
    aws.operations['DescribeSecret'] = () => new Fault(400, 'ResourceNotFoundException');
    await expect(rotateSecret(cloud, NAME, {}, progress)).rejects.toThrow(
      new LocalError(
        `The local cloud has no secret ${NAME}. 'keyturn --local show <keyId>' names the one of a key; 'pepper' stands for the pepper's.`,
      ),
    );
    aws.operations['DescribeSecret'] = () => new Fault(400, 'AccessDeniedException');
    await expect(rotateSecret(cloud, NAME, {}, progress)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});
