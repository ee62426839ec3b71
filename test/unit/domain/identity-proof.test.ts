import { describe, expect, it } from 'vitest';
import { requestDigest } from '../../../lambdas/core/domain/identity-proof.ts';
import type { AdminRequest } from '../../../lambdas/functions/admin/contract.ts';
import { changesNothing, READ_ONLY_ACTIONS } from '../../../rules/read-only-actions.ts';
import { stsHost } from '../../../rules/sts-host.ts';

const REQUEST = {
  action: 'revoke',
  input: { keyId: 'Ab3dEf6hIj9k', reason: 'Stolen', nested: { b: 1, a: [1, 2] } },
  actor: { principal: 'kim', via: 'keyturn-cli/1' },
  rotationId: 'r-1',
};
const digest = requestDigest('admin-fn', REQUEST);

describe('what a proof is bound to', () => {
  it('is the request as it arrives, in whatever order its fields came, without the proof in it', () => {
    const { action, input, actor, rotationId } = REQUEST;
    const { reason, keyId } = input;
    const proof = { headers: { host: 'sts' } };
    const nested = { a: [1, 2], b: 1 };

    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(requestDigest('admin-fn', { rotationId, actor, input: { reason, nested, keyId }, action })).toBe(
      digest,
    );
    expect(requestDigest('admin-fn', { ...REQUEST, actor: { ...actor, proof } })).toBe(digest);
    expect(requestDigest('admin-fn', { ...REQUEST, runId: undefined })).toBe(digest);
  });

  it.each([
    ['another deployment’s function', 'other-fn', {}],
    ['another action', 'admin-fn', { action: 'disable' }],
    ['another key', 'admin-fn', { input: { ...REQUEST.input, keyId: 'Zb3dEf6hIj9k' } }],
    ['more input', 'admin-fn', { input: { ...REQUEST.input, more: 1 } }],
    ['another rotation', 'admin-fn', { rotationId: 'r-2' }],
    ['another tool', 'admin-fn', { actor: { ...REQUEST.actor, via: 'curl' } }],
  ])('is another one for %s', (_what, functionName, change) => {
    expect(requestDigest(functionName, { ...REQUEST, ...change })).not.toBe(digest);
  });
});

/** Each of them is one that there is: otherwise this does not compile. */
const QUESTIONS: readonly AdminRequest['action'][] = READ_ONLY_ACTIONS;

it('nothing that changes something is taken for a question', () => {
  expect(QUESTIONS.every(changesNothing)).toBe(true);
  for (const action of [
    'issue',
    'rotate',
    'revoke',
    'claim',
    'sweep',
    'vault-backup',
    'unheard-of',
    undefined,
  ])
    expect(changesNothing(action)).toBe(false);
});

it.each([
  ['eu-central-1', 'sts.eu-central-1.amazonaws.com'],
  ['us-gov-west-1', 'sts.us-gov-west-1.amazonaws.com'],
  ['cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
  ['eusc-de-east-1', 'sts.eusc-de-east-1.amazonaws.eu'],
])('the STS of %s is %s', (region, host) => {
  expect(stsHost(region)).toBe(host);
});
