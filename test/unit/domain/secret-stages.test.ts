import { describe, expect, it } from 'vitest';
import { nextMove, type StageGoal } from '../../../lambdas/core/domain/secret-stages.ts';
import { isToken, rotationIdOf, tokenOf } from '../../../lambdas/core/domain/secret-token.ts';
import {
  labelOf,
  type SecretVersion,
  secretVersionId,
} from '../../../lambdas/core/domain/secret-versions.ts';

const KEY_ID = 'Ab3dEf7hIj9L';
const TOKEN = '11111111-2222-3333-4444-555555555555';
const ID = (version: number) => secretVersionId(KEY_ID, version);

/** `1 AWSCURRENT` of a version that Keyturn has put, or a token in place of its number. */
const versions = (...lines: readonly string[]): SecretVersion[] =>
  lines.map((line) => {
    const [name = '', ...stages] = line.split(' ');
    return /^\d+$/.test(name)
      ? { id: ID(Number(name)), stages: [labelOf(Number(name), ID(Number(name))), ...stages] }
      : { id: name, stages };
  });

const goal = (version: number, more: Partial<StageGoal> = {}): StageGoal => ({
  keyId: KEY_ID,
  version,
  ...more,
});

describe('the next move', () => {
  it.each([
    ['nothing', versions('1 AWSCURRENT'), goal(1), undefined],
    ['missing', versions(), goal(1), 'missing'],
    ['missing', versions('1 AWSCURRENT', `${TOKEN} AWSPENDING`), goal(2), 'missing'],
    ['to the first version', versions('1'), goal(1), { stage: 'AWSCURRENT', to: ID(1) }],
    [
      'to a new version',
      versions('1 AWSCURRENT', '2'),
      goal(2, { previous: 1 }),
      { stage: 'AWSCURRENT', from: ID(1), to: ID(2) },
    ],
    ['nothing', versions('2 AWSCURRENT', '1 AWSPREVIOUS'), goal(2, { previous: 1 }), undefined],
    ['nothing: a later one is current', versions('3 AWSCURRENT', '2 AWSPREVIOUS'), goal(2), undefined],
    [
      'back from a later one',
      versions('2 AWSCURRENT', '1 AWSPREVIOUS'),
      goal(1, { back: true }),
      { stage: 'AWSCURRENT', from: ID(2), to: ID(1) },
    ],
    [
      'from what somebody else has put',
      versions('by-hand AWSCURRENT', '1 AWSPREVIOUS'),
      goal(1),
      { stage: 'AWSCURRENT', from: 'by-hand', to: ID(1) },
    ],
    [
      'to the copy that Secrets Manager waits for, of two',
      versions('1 AWSCURRENT', '2', `${TOKEN} AWSPENDING keyturn-2.11111111`),
      goal(2),
      { stage: 'AWSCURRENT', from: ID(1), to: TOKEN },
    ],
    [
      'to the very version that is asked for',
      versions('1 AWSPREVIOUS', '2 AWSCURRENT', `${TOKEN} AWSPENDING keyturn-2.11111111`),
      goal(2, { versionId: TOKEN, previous: 1 }),
      { stage: 'AWSCURRENT', from: ID(2), to: TOKEN },
    ],
    [
      'of AWSPREVIOUS from a copy of the same key',
      versions('1', '2 AWSPREVIOUS', `${TOKEN} AWSCURRENT AWSPENDING keyturn-2.11111111`),
      goal(2, { versionId: TOKEN, previous: 1 }),
      { stage: 'AWSPREVIOUS', from: ID(2), to: ID(1) },
    ],
    [
      'of AWSPREVIOUS, which nothing has',
      versions('1', '2 AWSCURRENT'),
      goal(2, { previous: 1 }),
      { stage: 'AWSPREVIOUS', to: ID(1) },
    ],
    [
      'of AWSPENDING from what was overtaken',
      versions('3 AWSCURRENT', '1 AWSPREVIOUS', `${TOKEN} AWSPENDING keyturn-2.11111111`),
      goal(3, { previous: 1 }),
      { stage: 'AWSPENDING', from: TOKEN },
    ],
    [
      'nothing: what is pending is empty, or holds the same',
      versions('2 AWSCURRENT', '1 AWSPREVIOUS', `${TOKEN} AWSPENDING keyturn-2.11111111`),
      goal(2, { previous: 1 }),
      undefined,
    ],
    [
      'of the label of what nobody is to read any more',
      versions('3 AWSCURRENT', '2 AWSPREVIOUS', '1'),
      goal(3, { previous: 2 }),
      { stage: labelOf(1, ID(1)), from: ID(1) },
    ],
    [
      'nothing: a later one is on its way',
      versions('2 AWSCURRENT', '1 AWSPREVIOUS', '3'),
      goal(2),
      undefined,
    ],
  ])('is %s', (_what, found, wanted, move) => {
    expect(nextMove(found, wanted)).toEqual(move);
  });
});

describe('the id of a version', () => {
  it('is a UUID of its own for each version of each key, and always the same', () => {
    expect(isToken(ID(1))).toBe(true);
    expect(ID(1)).toBe(secretVersionId(KEY_ID, 1));
    expect(new Set([ID(1), ID(2), secretVersionId('Zb3dEf7hIj9L', 1)]).size).toBe(3);
  });
});

describe('the id of a rotation that Secrets Manager has started', () => {
  it.each([1, 2, 17])('carries its token, at attempt %i', (attempt) => {
    expect(tokenOf(rotationIdOf(TOKEN, attempt))).toBe(TOKEN);
    expect(rotationIdOf(TOKEN, attempt)).toMatch(/^[A-Za-z0-9-]{1,80}$/);
  });

  it.each([
    undefined,
    '',
    'r-1',
    TOKEN,
    'secret-',
    'secret-abc',
    `secret-${TOKEN}-x`,
    `sweep-secret-${TOKEN}`,
  ])('is not %j', (rotationId) => {
    expect(tokenOf(rotationId)).toBeUndefined();
  });

  it.each(['', 'token', `${TOKEN} `, 7, undefined, null])('nor is a token %j', (token) => {
    expect(isToken(token)).toBe(false);
  });
});
