/** What the authorizer writes to its log: one line a decision, with the metrics in it and never a key. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { loadAuthorizer, serveKeys } from '../../support/authorizer-bench.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws, Fault } from '../../support/fake-aws.ts';
import { httpEvent, restEvent, tokenEvent } from '../../support/gateway-events.ts';
import { PEPPER } from '../../support/issued-key.ts';
import {
  active,
  bearer,
  deprecating,
  elsewhere,
  KNOWN,
  limited,
  REFUSED,
  unknown,
  wrongSecret,
} from './known-keys.ts';

const REQUEST_ID = '0f3c1a52-6f0e-4a9e-9a3b-2a4c6d8e0f12';

const output = captureOutput();
const aws = await FakeAws.start();
beforeEach(() => {
  serveKeys(aws, KNOWN);
  output.clear();
});
afterAll(async () => {
  output.restore();
  await aws.stop();
});

/** A line in CloudWatch's embedded metric format, read as CloudWatch reads it. */
function metricsOf(line: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { Timestamp, CloudWatchMetrics, ...rest } = line['_aws'] as {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  expect(rest).toEqual({});
  expect(Math.abs(Date.now() - Timestamp)).toBeLessThan(60_000);
  const [{ Namespace, Dimensions, Metrics } = { Namespace: '', Dimensions: [], Metrics: [] }, ...others] =
    CloudWatchMetrics;
  expect(others).toEqual([]);
  expect(Namespace).toBe('Keyturn');
  // A dimension for each key would cost by the key.
  expect(Dimensions).toEqual([[]]);
  for (const { Unit } of Metrics) expect(Unit).toBe('Count');
  return Object.fromEntries(Metrics.map(({ Name }) => [Name, line[Name]]));
}

describe('a decision', () => {
  const id = (of: typeof active) => of.record.keyId;
  const allowed = { outcome: 'allowed', keyVersion: 1, keyStatus: 'active' };

  it.each([
    ['allowed', bearer(active.text), { ...allowed, keyId: id(active) }, ['Allowed']],
    [
      'allowed by a deprecating version',
      bearer(deprecating.text),
      { ...allowed, keyId: id(deprecating), keyStatus: 'deprecating' },
      ['Allowed', 'DeprecatingKeyUse'],
    ],
    [
      'forbidden',
      bearer(elsewhere.text),
      { outcome: 'forbidden', reason: 'address-not-allowed', keyId: id(elsewhere), keyVersion: 1 },
      ['Forbidden'],
    ],
    ['no key', {}, { outcome: 'unauthenticated', reason: 'no-key' }, ['Unauthenticated']],
    [
      'malformed',
      bearer('junk'),
      { outcome: 'unauthenticated', reason: 'malformed' },
      ['Unauthenticated', 'WrongKeys'],
    ],
    [
      'unknown',
      bearer(unknown.text),
      { outcome: 'unauthenticated', reason: 'unknown', keyId: unknown.record.keyId },
      ['Unauthenticated', 'WrongKeys'],
    ],
    [
      'wrong secret',
      bearer(wrongSecret),
      { outcome: 'unauthenticated', reason: 'wrong-secret', keyId: id(active) },
      ['Unauthenticated', 'WrongKeys'],
    ],
    [
      'revoked',
      bearer(REFUSED.revoked.text),
      { outcome: 'unauthenticated', reason: 'revoked', keyId: id(REFUSED.revoked), keyVersion: 1 },
      ['Unauthenticated'],
    ],
    [
      'retired',
      bearer(REFUSED.retired.text),
      {
        level: 'WARN',
        message: 'A retired key was used',
        outcome: 'unauthenticated',
        reason: 'retired',
        keyId: id(REFUSED.retired),
        keyVersion: 1,
      },
      ['Unauthenticated', 'WrongKeys', 'RetiredKeyUse'],
    ],
  ])('%s is one line: who, what, and the metrics', async (_what, headers, fields, metrics) => {
    const handler = await loadAuthorizer(aws);
    await handler(restEvent(headers)).catch(() => undefined);
    const [line = {}, ...others] = output.lines();
    expect(others).toEqual([]);
    expect(output.text().trim().split('\n')).toHaveLength(1);
    expect(line).toMatchObject({ level: 'INFO', message: 'decision', requestId: REQUEST_ID, ...fields });
    expect(metricsOf(line)).toEqual(Object.fromEntries(metrics.map((name) => [name, 1])));
  });
});

describe('a fault', () => {
  const PEPPER_FAULT = ['AuthorizerFault', 'PepperFault'];
  const faults: [string, () => void, Record<string, unknown>, string[]][] = [
    [
      'the table cannot be read',
      () => {
        aws.operations['GetItem'] = () => new Fault(400, 'AccessDeniedException');
      },
      { fault: 'AwsCallError', cause: expect.stringContaining('AccessDeniedException') },
      ['AuthorizerFault'],
    ],
    [
      'the table fails however often it is asked',
      () => {
        aws.operations['GetItem'] = () => new Fault(500, 'InternalServerError');
      },
      { fault: 'AwsCallError', cause: expect.stringContaining('InternalServerError') },
      ['AuthorizerFault'],
    ],
    [
      'the pepper cannot be read',
      () => {
        aws.operations['GetSecretValue'] = () => new Fault(400, 'AccessDeniedException');
      },
      { fault: 'PepperUnreadable', cause: expect.stringContaining('GetSecretValue') },
      PEPPER_FAULT,
    ],
    [
      'the pepper is no pepper',
      () => {
        aws.operations['GetSecretValue'] = () => ({ SecretString: `broken ${PEPPER}` });
      },
      { fault: 'PepperDamaged' },
      PEPPER_FAULT,
    ],
    [
      'the version of the pepper is gone',
      () => {
        const SecretString = JSON.stringify({ current: '2', '2': 'x'.repeat(64) });
        aws.operations['GetSecretValue'] = () => ({ SecretString });
      },
      { fault: 'PepperMissing' },
      PEPPER_FAULT,
    ],
    [
      'a use that must not be lost cannot be written',
      () => {
        aws.operations['UpdateItem'] = () => new Fault(400, 'AccessDeniedException');
      },
      { fault: 'AwsCallError', cause: expect.stringContaining('UpdateItem') },
      ['AuthorizerFault'],
    ],
  ];

  it.each(faults)('is an error, never an answer, when %s', async (_what, breakIt, fields, metrics) => {
    breakIt();
    const handler = await loadAuthorizer(aws);
    // Not `Unauthorized` either: a client must not throw its key away because our table is down.
    await expect(handler(restEvent(bearer(deprecating.text)))).rejects.toEqual(
      new Error('The authorizer could not decide.'),
    );
    const [line = {}, ...others] = output.lines();
    expect(others).toEqual([]);
    expect(line).toMatchObject({ level: 'ERROR', message: 'The request could not be decided', ...fields });
    expect(metricsOf(line)).toEqual(Object.fromEntries(metrics.map((name) => [name, 1])));
  });

  describe('of the pepper', () => {
    const notes = () =>
      aws.bodiesOf('UpdateItem').filter(({ Key }) => (Key as { pk: { S: string } }).pk.S === 'FAULTS');
    const undecided = new Error('The authorizer could not decide.');
    const gone = () => {
      const SecretString = JSON.stringify({ current: '2', '2': 'x'.repeat(64) });
      aws.operations['GetSecretValue'] = () => ({ SecretString });
      aws.calls.length = 0;
    };

    it('is noted once, of which pepper, however many requests meet it, and quotes none of them', async () => {
      gone();
      const handler = await loadAuthorizer(aws);
      for (let request = 0; request < 50; request += 1)
        await expect(handler(restEvent(bearer(active.text)))).rejects.toEqual(undecided);
      expect(notes()).toEqual([
        expect.objectContaining({
          Key: { pk: { S: 'FAULTS' }, sk: { S: expect.stringMatching(/^\d{4}-.*Z#missing#1$/) } },
          ExpressionAttributeNames: expect.objectContaining({ '#b0': 'by_authorizer' }),
        }),
      ]);
      expect(JSON.stringify(notes())).not.toContain(active.text.slice(-49));
    });

    it('is the same error, tried to be noted once, where the table cannot be written', async () => {
      gone();
      aws.operations['UpdateItem'] = () => new Fault(500, 'InternalServerError');
      const handler = await loadAuthorizer(aws);
      for (let request = 0; request < 5; request += 1)
        await expect(handler(restEvent(bearer(active.text)))).rejects.toEqual(undecided);
      expect(notes()).toHaveLength(1);
    });

    it('is noted where the rotation machine asks about a key, too', async () => {
      gone();
      const handler = await loadAuthorizer(aws);
      await expect(handler({ type: 'KEYTURN_VERIFICATION', key: active.text })).rejects.toEqual(undecided);
      expect(notes()).toHaveLength(1);
    });

    it('alone is noted: not that the table cannot be read', async () => {
      aws.calls.length = 0;
      aws.operations['GetItem'] = () => new Fault(400, 'AccessDeniedException');
      const handler = await loadAuthorizer(aws);
      await expect(handler(restEvent(bearer(active.text)))).rejects.toEqual(undecided);
      expect(notes()).toEqual([]);
    });
  });

  it('in a simple answer is an error too', async () => {
    aws.operations['GetItem'] = () => new Fault(400, 'AccessDeniedException');
    const handler = await loadAuthorizer(aws, { environment: { ANSWER: 'simple' } });
    await expect(handler(httpEvent(bearer(active.text)))).rejects.toThrow('The authorizer could not decide.');
  });

  it('passes: the next request finds table and pepper again', async () => {
    aws.operations['GetSecretValue'] = () => new Fault(400, 'AccessDeniedException');
    const handler = await loadAuthorizer(aws);
    await expect(handler(restEvent(bearer(active.text)))).rejects.toThrow();
    serveKeys(aws, KNOWN);
    await expect(handler(restEvent(bearer(active.text)))).resolves.toMatchObject({
      context: { keyId: active.record.keyId },
    });
  });
});

describe('nothing that is written', () => {
  it('has a key, its secret, its hash or the pepper in it, whatever is asked and whatever breaks', async () => {
    const presented = [active, deprecating, limited, elsewhere, unknown, ...Object.values(REFUSED)];
    const events = [
      ...presented.flatMap(({ text }) => [
        restEvent(bearer(text)),
        restEvent({ 'x-api-key': text }),
        restEvent({ 'x-api-key': [text, `${text}x`] }),
        httpEvent(bearer(text)),
        tokenEvent(`Bearer ${text}`),
        tokenEvent(text),
        restEvent({}, { queryStringParameters: { 'x-api-key': text } }),
        { type: 'KEYTURN_VERIFICATION' as const, key: text },
        restEvent(bearer(text), { requestContext: null }),
      ]),
      restEvent(bearer(wrongSecret)),
      restEvent(bearer(`${active.text} trailing`)),
    ];
    const answers: string[] = [];
    const play = async () => {
      const handler = await loadAuthorizer(aws, { rules: { toolScopes: 'gateway' } });
      for (const event of events) {
        const said = await handler(event).catch((error: Error) => `${error.message} ${error.stack}`);
        answers.push(JSON.stringify(said));
      }
    };
    await play();
    for (const operation of ['GetItem', 'UpdateItem', 'GetSecretValue']) {
      serveKeys(aws, KNOWN);
      aws.operations[operation] = () => new Fault(400, 'ValidationException');
      await play();
    }
    const everything = output.text() + answers.join('\n');
    expect(output.lines().length).toBeGreaterThan(events.length);
    const secrets = [
      PEPPER,
      wrongSecret.slice(-49),
      ...presented.flatMap(({ text, record }) => [text.slice(-49), record.versions[0]?.hash ?? '']),
    ];
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(40);
      expect(everything).not.toContain(secret);
    }
  });
});
