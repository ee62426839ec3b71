import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { AuthorizerVerifier } from '../../../lambdas/adapters/lambda/authorizer-verifier.ts';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';

const KEY = 'mk_live_Ab3dEf7hIj9L_secret';
const EXPECTED = { keyId: 'Ab3dEf7hIj9L', version: 2 };
const KNOWN = { recognized: { ...EXPECTED, status: 'pending' } };
const client = new LambdaClient({ region: 'eu-central-1' });
const lambda = mockClient(client);

beforeEach(() => lambda.reset());

/** As many authorizers as answers; an Error stands for a function that fails. */
function verify(...answers: readonly unknown[]): Promise<string | undefined> {
  const names = answers.map((_, index) => `authorizer-${index}`);
  answers.forEach((answer, index) => {
    const Payload = Buffer.from(JSON.stringify(answer ?? null)) as never;
    const call = lambda.on(InvokeCommand, { FunctionName: `authorizer-${index}` });
    if (answer instanceof Error)
      call.resolves({ FunctionError: 'Unhandled', Payload: Buffer.from(KEY) as never });
    else call.resolves(answer === undefined ? {} : { Payload });
  });
  return new AuthorizerVerifier(client, names).verify(new Plaintext(KEY), EXPECTED);
}

describe('verify', () => {
  it('asks each authorizer by the event that API Gateway never sends', async () => {
    await verify(KNOWN, KNOWN);

    expect(lambda.commandCalls(InvokeCommand).map(({ args }) => args[0].input)).toEqual(
      [0, 1].map((index) => ({
        FunctionName: `authorizer-${index}`,
        Payload: Buffer.from(JSON.stringify({ type: 'KEYTURN_VERIFICATION', key: KEY })),
      })),
    );
  });

  it.each<[string, readonly unknown[], string | undefined]>([
    ['all know it', [KNOWN, KNOWN], undefined],
    ['those that serve it know it', [KNOWN, { refused: 'environment-not-served' }], undefined],
    [
      'nobody serves it',
      [{ refused: 'environment-not-served' }],
      'No deployed authorizer serves the environment of this key.',
    ],
    ['there is none', [], 'No deployed authorizer serves the environment of this key.'],
    [
      'one does not know it yet',
      [KNOWN, { refused: 'unknown' }],
      '1 of 2 authorizers do not know version 2: unknown.',
    ],
    [
      'one takes it for another version',
      [{ recognized: { ...EXPECTED, version: 1, status: 'active' } }],
      '1 of 1 authorizers do not know version 2: another version.',
    ],
    [
      'one takes it for another key',
      [{ recognized: { ...EXPECTED, keyId: 'Zb3dEf7hIj9L', status: 'pending' } }],
      '1 of 1 authorizers do not know version 2: another version.',
    ],
    [
      'one fails, one answers nothing',
      [new Error('crash'), undefined, KNOWN],
      '2 of 3 authorizers do not know version 2: authorizer-fault, authorizer-fault.',
    ],
  ])('%s', async (_what, answers, objection) => {
    expect(await verify(...answers)).toBe(objection);
  });

  it('throws when an authorizer cannot be reached, without a word of the key', async () => {
    lambda.on(InvokeCommand).rejects(new Error('throttled'));

    const error: unknown = await new AuthorizerVerifier(client, ['a'])
      .verify(new Plaintext(KEY), EXPECTED)
      .catch((reason: unknown) => reason);

    expect(String(error)).toContain('throttled');
    expect(String(error)).not.toContain('secret');
  });
});
