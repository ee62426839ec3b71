/** The rotation function's handler: the machine's steps in, its answers out, no key in its log. */
import { randomBytes } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newKeyItem } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws, Fault } from '../../support/fake-aws.ts';
import { issuedKey, PEPPER } from '../../support/issued-key.ts';
import { loadRotation, serveManagement } from '../../support/managing-bench.ts';

const output = captureOutput();
const aws = await FakeAws.start();
const handler = await loadRotation(aws);
const { record } = await issuedKey();
const IDS = { keyId: record.keyId, rotationId: 'rot-1' };
const BEGIN = {
  step: 'begin',
  rotationId: IDS.rotationId,
  executionArn: 'arn:aws:states:us-east-1:123456789012:execution:Rotation:rot-1',
  startedAt: '2026-11-23T14:00:00.000Z',
  request: { keyId: record.keyId, purpose: 'manual' },
} as const;

beforeEach(() => {
  const items = serveManagement(aws);
  const item = marshall(newKeyItem(record));
  items.set(`${item['pk']?.S}/${item['sk']?.S}`, item as never);
  aws.calls.length = 0;
  output.clear();
});
afterAll(async () => {
  output.restore();
  await aws.stop();
});

/** Plays the machine's first steps. @returns the new key, as the authorizer was asked about it */
async function untilVerified(): Promise<string> {
  aws.operations['invocations'] = () => ({
    recognized: { keyId: record.keyId, version: 2, status: 'pending' },
  });
  await handler(BEGIN);
  await handler({ step: 'generate', ...IDS });
  await handler({ step: 'verify', ...IDS });
  const [asked] = aws.bodiesOf('invocations');
  return String(asked?.['key']);
}

describe('the steps', () => {
  it('answer with ids and where to go next', async () => {
    expect(await handler(BEGIN)).toEqual({ ...IDS, next: 'generate' });
    expect(await handler({ step: 'generate', ...IDS })).toEqual({ ...IDS, next: 'verify' });
    await untilVerified();
    expect(await handler({ step: 'activate', ...IDS })).toMatchObject({ ...IDS, next: 'wait' });
  });

  it('are one line of the log each: which step of what, and what next', async () => {
    await handler(BEGIN);
    await handler(BEGIN);
    const lines = output.lines().filter(({ message }) => message === 'step');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ message: 'step', step: 'begin', ...IDS, next: 'generate' });
  });

  it('count what they have changed as metrics, once, and without a dimension', async () => {
    await handler(BEGIN);
    await handler(BEGIN);
    const counted = output.lines().filter(({ message }) => message === 'rotation');
    expect(counted).toEqual([
      expect.objectContaining({
        ...IDS,
        purpose: 'manual',
        status: 'starting',
        RotationsStarted: 1,
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: 'Keyturn',
              Dimensions: [[]],
              Metrics: [{ Name: 'RotationsStarted', Unit: 'Count' }],
            },
          ],
        },
      }),
    ]);
  });

  it('never write a new key down, but sealed, and show it to the authorizer alone', async () => {
    const key = await untilVerified();
    expect(key).toMatch(/^mk_live_\w{62}$/);
    const secret = key.slice(-49);
    const elsewhere = aws.calls.filter(({ target }) => !target.endsWith('.invocations'));
    expect(JSON.stringify(elsewhere)).not.toContain(secret);
    expect(JSON.stringify(elsewhere)).not.toContain(Buffer.from(key).toString('base64').slice(0, -4));
    expect(output.text()).not.toContain(secret);
    expect(output.text()).not.toContain(PEPPER);
  });

  it.each([
    ['refuses it', () => ({ refused: 'wrong-secret' })],
    [
      'takes it for another version',
      () => ({ recognized: { keyId: record.keyId, version: 1, status: 'active' } }),
    ],
    ['breaks', () => new Fault(400, 'InvalidRequestContentException')],
  ])('fail with a name that the machine retries when an authorizer %s', async (_how, answer) => {
    const key = await untilVerified();
    output.clear();
    aws.operations['invocations'] = answer;
    const failure = await handler({ step: 'verify', ...IDS }).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(Error);
    const { name, message, stack } = failure as Error;
    expect(name).toMatch(/^(VerificationFailed|InvalidRequestContentException)$/);
    const [line, ...others] = output.lines();
    expect(others).toEqual([]);
    expect(line).toMatchObject({ level: 'ERROR', step: 'verify', rotationId: 'rot-1', fault: name });
    expect(`${message} ${stack} ${output.text()}`).not.toContain(key.slice(-49));
  });

  it('throw a fault of the store by its own name, so that the machine can match on it', async () => {
    aws.operations['GetItem'] = () => new Fault(400, 'AccessDeniedException');
    await expect(handler(BEGIN)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('a pepper that cannot be had', () => {
  it.each([
    ['unreadable', () => new Fault(400, 'AccessDeniedException'), 'PepperUnreadable'],
    ['damaged', () => ({ SecretString: `broken ${PEPPER}` }), 'PepperDamaged'],
  ])('is counted where it is %s, and not quoted', async (_how, answer, fault) => {
    vi.resetModules();
    const fresh = await loadRotation(aws);
    await fresh(BEGIN);
    output.clear();
    aws.operations['GetSecretValue'] = answer;
    await expect(fresh({ step: 'generate', ...IDS })).rejects.toMatchObject({ name: fault });
    expect(output.lines()).toEqual([expect.objectContaining({ fault, PepperFault: 1 })]);
    expect(output.text()).not.toContain(PEPPER);
    expect(aws.bodiesOf('UpdateItem').at(-1)).toMatchObject({
      Key: { pk: { S: 'FAULTS' } },
      ExpressionAttributeNames: { '#b0': 'by_rotation' },
    });
  });
});

describe('abandoning', () => {
  const error = {
    Error: 'VerificationFailed',
    Cause: JSON.stringify({
      errorType: 'VerificationFailed',
      errorMessage: 'nobody knows it',
      trace: ['at x'],
    }),
  };

  it('puts the key back and says what failed', async () => {
    await untilVerified();
    const abandoned = await handler({ step: 'abandon', rotationId: 'rot-1', request: BEGIN.request, error });
    expect(abandoned).toEqual({
      ...IDS,
      next: 'refuse',
      message: expect.stringContaining('VerificationFailed: nobody knows it'),
    });
  });

  it.each([
    ['no key', {}],
    ['a key that is no text', { keyId: 7 }],
    ['nothing', undefined],
  ])(
    'has nothing to put back when the request named %s, and still says what failed',
    async (_what, request) => {
      expect(await handler({ step: 'abandon', rotationId: 'rot-1', request, error })).toEqual({
        keyId: 'unknown',
        rotationId: 'rot-1',
        next: 'refuse',
        message: 'VerificationFailed: nobody knows it',
      });
      expect(aws.calls).toEqual([]);
    },
  );

  it('ends cleanly when the key that the request names is none', async () => {
    const request = { keyId: randomBytes(200).toString('hex') };
    const abandoned = await handler({ step: 'abandon', rotationId: 'rot-1', request, error });
    expect(abandoned.message).toEqual(expect.any(String));
  });
});
