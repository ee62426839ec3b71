/** Who is put on record: proven, as stated, or nobody since it is refused. */
import { beforeEach, describe, expect, it } from 'vitest';
import { requestDigest } from '../../../lambdas/core/domain/identity-proof.ts';
import type { Identity } from '../../../lambdas/core/ports/identity-verifier.ts';
import { actorOf } from '../../../lambdas/functions/admin/actor.ts';
import type { AdminRequest } from '../../../lambdas/functions/admin/contract.ts';

const KIM = 'arn:aws:sts::123456789012:assumed-role/operator/kim';
const PROOF = { headers: { authorization: 'AWS4-HMAC-SHA256 of-kim' } };
const STATED = { principal: 'somebody', via: 'keyturn-cli/1.0.0' };
const REVOKE: AdminRequest = {
  action: 'revoke',
  input: { keyId: 'Ab3dEf6hIj9k', reason: 'Stolen' },
  actor: { ...STATED, proof: PROOF },
};

let identity: Identity;
let asked: string[];
let unknown: string[];
beforeEach(() => {
  identity = { outcome: 'proven', arn: KIM };
  asked = [];
  unknown = [];
});

const ask = (request: unknown) =>
  actorOf(
    {
      identities: {
        verify: async (_proof, digest) => {
          asked.push(digest);
          return identity;
        },
      },
      functionName: 'admin-fn',
      onUnknown: (why) => void unknown.push(why),
    },
    request as AdminRequest,
    'request-1',
  );

describe('who asks for a change', () => {
  it('is whom AWS names, bound to this request, whatever the tool says', async () => {
    expect(await ask(REVOKE)).toEqual({
      ok: true,
      value: { principal: KIM, proven: true, via: STATED.via, requestId: 'request-1' },
    });
    expect(asked).toEqual([requestDigest('admin-fn', REVOKE)]);
  });

  it.each([
    ['what it says, without a proof', { ...REVOKE, actor: STATED }, STATED],
    ['unstated, without a word', { ...REVOKE, actor: undefined }, { principal: 'unstated', via: 'invoke' }],
  ])('is %s, and nobody is asked', async (_how, request, said) => {
    expect(await ask(request)).toEqual({
      ok: true,
      value: { ...said, proven: false, requestId: 'request-1' },
    });
    expect(asked).toEqual([]);
  });

  it.each([
    { principal: 'keyturn:sweep', via: 'keyturn-cli/1.0.0' },
    { principal: ' Keyturn:digest' },
    { principal: 'key:Ab3dEf6hIj9k version 2' },
    { principal: 'claim-link' },
    { principal: 'unsubscribe-link' },
    { principal: 'unproven' },
    { principal: 'kim', via: 'execution/Ab3dEf6hIj9k-1' },
  ])('is no part of Keyturn and no client: %j is refused', async (actor) => {
    expect(await ask({ ...REVOKE, actor })).toMatchObject({
      ok: false,
      message: expect.stringContaining('is what Keyturn itself is on record as'),
    });
  });

  it('is what it says while nobody can be asked, which is told', async () => {
    identity = { outcome: 'unknown', why: 'STS answered with 503.' };

    expect(await ask(REVOKE)).toEqual({
      ok: true,
      value: { ...STATED, proven: false, requestId: 'request-1' },
    });
    expect(unknown).toEqual(['STS answered with 503.']);
  });

  it('is nobody with a proof that is refused', async () => {
    identity = { outcome: 'refused', why: 'STS refuses the proof of who sends it (403).' };

    expect(await ask(REVOKE)).toEqual({
      ok: false,
      message: 'STS refuses the proof of who sends it (403).',
      hint: expect.stringContaining('credentials'),
    });
  });

  it('is looked into however strange the proof is', async () => {
    identity = { outcome: 'refused', why: 'It is none.' };
    for (const proof of [null, 7, '', []])
      expect(await ask({ ...REVOKE, actor: { ...STATED, proof } })).toMatchObject({ ok: false });
  });
});

it('who asks a question needs no proof, and costs no call', async () => {
  const request = { action: 'list', input: {}, actor: { ...STATED, proof: PROOF } };

  expect(await ask(request)).toMatchObject({ ok: true, value: { ...STATED, proven: false } });
  expect(asked).toEqual([]);
});
