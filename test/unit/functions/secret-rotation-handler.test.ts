/** The function that Secrets Manager calls: its steps in, nothing or an error out, and no key in its log. */
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newKeyItem } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import type { AuditEvent } from '../../../lambdas/core/domain/audit-event.ts';
import { CURRENT, labelOf } from '../../../lambdas/core/domain/secret-versions.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws, Fault } from '../../support/fake-aws.ts';
import { serveSecrets } from '../../support/fake-secrets.ts';
import { issuedKey } from '../../support/issued-key.ts';
import { loadSecretRotation, serveManagement } from '../../support/managing-bench.ts';
import type { MemorySecrets } from '../../support/memory-secrets.ts';
import { sampleRotation, sampleVersion } from '../../support/sample-records.ts';

const TOKEN = '11111111-2222-3333-4444-555555555555';
const PLACED = 'aaaaaaaa-2222-3333-4444-555555555555';
const output = captureOutput();
const aws = await FakeAws.start();
const handler = await loadSecretRotation(aws);
const issued = await issuedKey({ delivery: 'secrets-manager' });
const { keyId } = issued.record;
const NAME = `keyturn/${keyId}`;
/** In the middle of a rotation by an operator, whose new version is placed. */
const record = {
  ...issued.record,
  versions: [
    sampleVersion(1, { status: 'deprecating', expiresAtMs: Date.parse('2026-11-26T14:00:00Z') }),
    sampleVersion(2, { receivedAtMs: 1, receivedBy: 'placed' }),
  ],
  rotation: sampleRotation({ status: 'dual-key', toVersion: 2 }),
};
let secrets: MemorySecrets;
let arn: string;

beforeEach(() => {
  const items = serveManagement(aws);
  const item = marshall(newKeyItem(record), { removeUndefinedValues: true });
  item['rotation'] = { M: marshall(record.rotation, { removeUndefinedValues: true }) };
  items.set(`${item['pk']?.S}/${item['sk']?.S}`, item as never);
  aws.operations['invocations'] = () => ({ recognized: { keyId, version: 2, status: 'active' } });
  secrets = serveSecrets(aws);
  const secret = secrets.create(NAME);
  ({ arn } = secret);
  secret.rotation = { enabled: true, functionArn: undefined, rules: {} };
  const text = JSON.stringify({ key: issued.text, keyId, version: 2 });
  secrets.put(NAME, PLACED, text, [CURRENT, labelOf(2, PLACED)], false);
  secrets.beginRotation(NAME, TOKEN);
  aws.calls.length = 0;
  output.clear();
});
afterAll(async () => {
  output.restore();
  vi.unstubAllEnvs();
  await aws.stop();
});

const call = (Step: string, token = TOKEN) => handler({ Step, SecretId: arn, ClientRequestToken: token });

describe('the four steps', () => {
  it('answer nothing when they are done, and bring the version that there is under the token', async () => {
    for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) {
      expect(await call(step), step).toBeUndefined();
    }
    const current = secrets.find(NAME).versions.find(({ stages }) => stages.has(CURRENT));
    expect(current?.id).toBe(TOKEN);
    expect(JSON.parse(String(current?.text))).toMatchObject({ key: issued.text, version: 2 });
    expect(aws.bodiesOf('StartExecution')).toEqual([]);
    expect(aws.bodiesOf('TransactWriteItems'), 'the key is the machine’s to change').toEqual([]);
  });

  it('ask the authorizer about the key, and nobody else', async () => {
    await call('createSecret');
    await call('testSecret');
    expect(aws.bodiesOf('invocations')).toEqual([{ type: 'KEYTURN_VERIFICATION', key: issued.text }]);
  });

  it('write one line each, without the key', async () => {
    for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) await call(step);
    const lines = output.lines().filter(({ message }) => message === 'step');
    expect(lines.map(({ step }) => step)).toEqual([
      'createSecret',
      'setSecret',
      'testSecret',
      'finishSecret',
    ]);
    expect(lines[0]).toMatchObject({ secretId: arn, token: TOKEN });
    expect(output.text()).not.toContain(issued.text.slice(-49));
  });
});

describe('what is not done', () => {
  it.each([
    ['a step that is not known', () => call('revokeSecret'), "The step 'revokeSecret' is not known."],
    ['a token that is not staged', () => call('createSecret', PLACED.replace('a', 'b')), /has no version b/],
    ['a step out of order', () => call('finishSecret'), /createSecret comes first/],
  ])(
    '%s is an error that Secrets Manager shows, by its name and with the reason',
    async (_what, act, message) => {
      const failure = await act().catch((error: Error) => error);
      expect(failure).toMatchObject({
        name: 'SecretRotationRefused',
        message: expect.stringMatching(message),
      });
      const [line] = output.lines().filter(({ level }) => level === 'ERROR');
      expect(line).toMatchObject({
        message: 'The step was not done',
        fault: 'SecretRotationRefused',
        cause: (failure as Error).message,
      });
    },
  );

  it('for a fault of AWS is thrown as that, to be tried again', async () => {
    aws.operations['GetItem'] = () => new Fault(400, 'ValidationException');
    await expect(call('createSecret')).rejects.toMatchObject({ name: 'ValidationException' });
    expect(output.text()).not.toContain(issued.text.slice(-49));
  });

  it('by an authorizer that does not know the key says how many of how many', async () => {
    aws.operations['invocations'] = () => ({ refused: 'unknown-key' });
    await call('createSecret');
    await expect(call('testSecret')).rejects.toThrow(
      '1 of 1 authorizers do not know version 2: unknown-key.',
    );
    expect(output.text()).not.toContain(issued.text.slice(-49));
  });
});

describe('the pepper’s secret', () => {
  const PEPPER_NAME = 'Pepper';
  const text = JSON.stringify({ current: '1', '1': 'p'.repeat(64) });
  // As the function's environment has it.
  const pepperArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:Pepper';

  beforeEach(() => {
    const rotation = { enabled: true, functionArn: undefined, rules: {} };
    secrets.secrets.set(PEPPER_NAME, { ...secrets.create(PEPPER_NAME), arn: pepperArn, rotation });
    aws.operations['Query'] = () => ({ Items: aws.bodiesOf('PutItem').map(({ Item }) => Item) });
    secrets.put(PEPPER_NAME, PLACED, text, undefined, false);
    secrets.beginRotation(PEPPER_NAME, TOKEN);
    aws.calls.length = 0;
  });

  it('is rotated by the same four steps, on record, and handed over to the pepper machine', async () => {
    const ofPepper = (Step: string) => handler({ Step, SecretId: pepperArn, ClientRequestToken: TOKEN });
    for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'])
      expect(await ofPepper(step), step).toBeUndefined();

    const current = secrets.find(PEPPER_NAME).versions.find(({ stages }) => stages.has(CURRENT));
    expect(current?.id).toBe(TOKEN);
    const peppers = JSON.parse(String(current?.text)) as Record<string, string>;
    const [added] = Object.keys(peppers).filter((name) => !['current', '1'].includes(name));
    expect(peppers).toMatchObject({ current: '1', '1': 'p'.repeat(64) });
    expect(aws.bodiesOf('StartExecution')).toMatchObject([
      { stateMachineArn: expect.stringMatching(/:Pepper$/), name: `secret-${TOKEN}` },
    ]);
    expect(JSON.parse(String(aws.bodiesOf('StartExecution')[0]?.['input']))).toEqual({
      purpose: 'rotation',
      pepperVersion: added,
      initiatedBy: 'secretsmanager.amazonaws.com',
    });
    expect(aws.bodiesOf('invocations')).toEqual([]);
    for (const pepper of ['p'.repeat(64), peppers[added as string] as string])
      expect(output.text()).not.toContain(pepper);
  });

  it('that is damaged is a fault of its own, which an alarm watches', async () => {
    secrets.put(PEPPER_NAME, 'by-hand', 'nonsense', undefined, false);
    await expect(
      handler({ Step: 'testSecret', SecretId: pepperArn, ClientRequestToken: TOKEN }),
    ).rejects.toMatchObject({ name: 'PepperDamaged' });
    expect(output.lines().find(({ level }) => level === 'ERROR')).toMatchObject({ PepperFault: 1 });
    expect(aws.bodiesOf('UpdateItem')).toMatchObject([{ Key: { pk: { S: 'FAULTS' } } }]);
  });

  const failures = () =>
    aws
      .bodiesOf('PutItem')
      .map(({ Item }) => unmarshall(Item as never)['event'] as AuditEvent)
      .filter(({ action }) => action === 'pepper.failed');
  const testSecret = (ClientRequestToken = TOKEN) =>
    handler({ Step: 'testSecret', SecretId: pepperArn, ClientRequestToken });

  it('that cannot be rotated is on record with the step and the reason, once however often it is tried', async () => {
    secrets.put(PEPPER_NAME, 'by-hand', 'nonsense', undefined, false);
    for (let tries = 0; tries < 3; tries += 1) await expect(testSecret()).rejects.toThrow();
    expect(failures()).toEqual([
      expect.objectContaining({
        outcome: 'failure',
        reason: expect.stringMatching(/^PepperDamaged: /),
        detail: {
          executionId: `secret-${TOKEN}`,
          purpose: 'rotation',
          initiatedBy: 'secretsmanager.amazonaws.com',
          step: 'testSecret',
          givenUp: false,
        },
      }),
    ]);
    expect(JSON.stringify(failures())).not.toContain('nonsense');
  });

  it('that is asked for under a token of no rotation is refused, and not on record', async () => {
    await expect(testSecret('33333333-3333-4333-8333-333333333333')).rejects.toMatchObject({
      name: 'SecretRotationRefused',
    });
    expect(failures()).toEqual([]);
  });

  it('fails as it does where even that cannot be put on record', async () => {
    secrets.put(PEPPER_NAME, 'by-hand', 'nonsense', undefined, false);
    aws.operations['PutItem'] = () => new Fault(400, 'AccessDeniedException');
    await expect(testSecret()).rejects.toMatchObject({ name: 'PepperDamaged' });
    expect(output.lines()).toContainEqual(
      expect.objectContaining({ level: 'ERROR', message: 'A failure could not be put on record' }),
    );
  });
});
