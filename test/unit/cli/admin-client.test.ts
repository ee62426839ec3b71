import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { lambdaAdminClient } from '../../../cli/admin-client.ts';
import { CliError } from '../../../cli/exit.ts';
import { requestDigest } from '../../../lambdas/core/domain/identity-proof.ts';
import { KEY, KEY_ID } from './samples.ts';

const ACTOR = { principal: 'arn:aws:iam::111122223333:user/kim', via: 'keyturn-cli/0.1.0' };
const lambda = mockClient(LambdaClient);
const region = 'eu-central-1';
const admin = lambdaAdminClient(
  new LambdaClient({ region }),
  new LambdaClient({ region, maxAttempts: 1 }),
  'admin-fn',
  async () => ACTOR,
  async (digest) => ({ headers: { 'x-keyturn-request': digest } }),
);

const answer = (payload: string, FunctionError?: string) =>
  lambda.on(InvokeCommand).resolves({
    Payload: Buffer.from(payload) as never,
    ...(FunctionError && { FunctionError }),
  });

beforeEach(() => lambda.reset());

describe('the admin function over Lambda', () => {
  test('invokes it with action, input and actor, and hands out the result', async () => {
    answer(JSON.stringify({ ok: true, result: { keys: [], nextToken: null } }));
    expect(await admin.call('list', { limit: 1 })).toEqual({ keys: [], nextToken: null });
    const [call] = lambda.commandCalls(InvokeCommand);
    expect(call?.args[0].input.FunctionName).toBe('admin-fn');
    expect(JSON.parse(Buffer.from(call?.args[0].input.Payload as Uint8Array).toString())).toEqual({
      action: 'list',
      input: { limit: 1 },
      actor: ACTOR,
    });
  });

  test('proves who asks for a change, of the very request that is sent', async () => {
    answer(JSON.stringify({ ok: true, result: {} }));
    const input = { keyId: KEY_ID, reason: 'Stolen' };
    await admin.call('revoke', input);
    const [call] = lambda.commandCalls(InvokeCommand);
    const request = JSON.parse(Buffer.from(call?.args[0].input.Payload as Uint8Array).toString());
    expect(request).toEqual({
      action: 'revoke',
      input,
      actor: { ...ACTOR, proof: { headers: { 'x-keyturn-request': requestDigest('admin-fn', request) } } },
    });
  });

  test('a rotation has an id of its own, so that asking again starts nothing twice', async () => {
    answer(JSON.stringify({ ok: true, result: {} }));
    await admin.call('rotate', { keyId: KEY_ID, purpose: 'manual' });
    const [call] = lambda.commandCalls(InvokeCommand);
    const { rotationId } = JSON.parse(Buffer.from(call?.args[0].input.Payload as Uint8Array).toString());
    expect(rotationId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each(['issue', 'claim', 'deliver'] as const)(
    '%s is sent by a client that does not try again',
    async (action) => {
      answer(JSON.stringify({ ok: true, result: {} }));
      await admin.call(action, { keyId: KEY_ID } as never);
      const [call] = lambda.commandCalls(InvokeCommand);
      expect(await call?.thisValue.config.maxAttempts()).toBe(1);
    },
  );

  test('a refusal becomes an error with its exit code', async () => {
    const error = { code: 'unknown-key', message: `There is no key ${KEY_ID}.`, hint: 'Look at the list.' };
    answer(JSON.stringify({ ok: false, error }));
    await expect(admin.call('show', { keyId: KEY_ID })).rejects.toMatchObject({ ...error, exitCode: 3 });
  });

  test.each([
    ['an error of the function', JSON.stringify({ errorMessage: KEY }), 'Unhandled'],
    ['an answer that is no JSON', `<html>${KEY}`, undefined],
    ['an answer of another shape', JSON.stringify({ key: KEY }), undefined],
  ])('%s is internal, and nothing of the payload is repeated', async (_what, payload, functionError) => {
    answer(payload, functionError);
    const error: unknown = await admin.call('claim', { keyId: KEY_ID }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CliError);
    expect(error).toMatchObject({ code: 'internal', exitCode: 1 });
    expect(JSON.stringify([error, (error as CliError).message, (error as CliError).stack])).not.toContain(
      'sssss',
    );
  });
});
