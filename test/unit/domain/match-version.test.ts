import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PepperMissing } from '../../../lambdas/core/domain/errors.ts';
import { hashKey, sameHash } from '../../../lambdas/core/domain/key-hash.ts';
import { matchVersion } from '../../../lambdas/core/domain/match-version.ts';
import { sampleVersion } from '../../support/sample-records.ts';

const PEPPERS: Readonly<Record<string, Uint8Array>> = {
  '1': Buffer.from('pepper 1'),
  '2': Buffer.from('pepper 2'),
};
const pepper = (name: string): Uint8Array => PEPPERS[name] as Uint8Array;
const hashed = (version: number, key: string, pepperVersion = '1') =>
  sampleVersion(version, { hash: hashKey(key, pepper(pepperVersion)), pepperVersion });

describe('hashKey', () => {
  it('is HMAC-SHA-256 under the pepper, and never the key', () => {
    const expected = createHmac('sha256', pepper('1')).update('mk_live_x').digest('base64url');

    expect(hashKey('mk_live_x', pepper('1'))).toBe(expected);
    expect(hashKey('mk_live_x', pepper('2'))).not.toBe(expected);
  });
});

describe('sameHash', () => {
  it.each([
    ['abc', 'abc', true],
    ['abc', 'abd', false],
    ['abc', 'ab', false],
    ['', 'a', false],
    ['', '', true],
  ])('%j and %j: %s, without a throw for another length', (left, right, same) => {
    expect(sameHash(left, right)).toBe(same);
  });
});

describe('matchVersion', () => {
  const versions = [hashed(1, 'old'), hashed(2, 'new', '2')];

  it('finds the version whose secret was presented, under its own pepper', async () => {
    expect((await matchVersion('old', versions, async (name) => pepper(name)))?.version).toBe(1);
    expect((await matchVersion('new', versions, async (name) => pepper(name)))?.version).toBe(2);
    expect(await matchVersion('neither', versions, async (name) => pepper(name))).toBeUndefined();
  });

  it('asks for each pepper once, however many versions it hashes, and stops at no match: time says nothing', async () => {
    const asked: string[] = [];
    const found = await matchVersion(
      'old',
      [hashed(1, 'old'), hashed(2, 'x'), hashed(3, 'y', '2')],
      async (name) => {
        asked.push(name);
        return pepper(name);
      },
    );

    expect(found?.version).toBe(1);
    expect(asked).toEqual(['1', '2']);
  });

  it('asks for all peppers at once: those that are not in memory come by one read', async () => {
    let asked = 0;
    let askedAtTheFirstAnswer = 0;
    await matchVersion('old', versions, async (name) => {
      asked += 1;
      await Promise.resolve();
      askedAtTheFirstAnswer ||= asked;
      return pepper(name);
    });

    expect(askedAtTheFirstAnswer).toBe(2);
  });

  it('says nothing about the key when a pepper cannot be had', async () => {
    const unreadable = matchVersion('old', versions, () => Promise.reject(new Error('unreadable')));

    await expect(unreadable).rejects.toThrow('unreadable');
  });

  describe('with a pepper missing', () => {
    const without =
      (...missing: readonly string[]) =>
      async (name: string) => {
        if (missing.includes(name)) throw new PepperMissing(`no ${name}`);
        return pepper(name);
      };

    it.each([
      ['the old', 'new', '1'],
      ['the new', 'old', '2'],
    ])('of %s version, the other one still matches', async (_which, key, missing) => {
      const found = await matchVersion(key, versions, without(missing));

      expect(found?.pepperVersion).not.toBe(missing);
      expect(found?.hash).toBe(hashKey(key, pepper(found?.pepperVersion ?? '')));
    });

    it.each([
      ['that version', 'old'],
      ['none', 'neither'],
    ])('it is not decided what a key is that is %s', async (_which, key) => {
      await expect(matchVersion(key, versions, without('1'))).rejects.toThrow('no 1');
    });

    it.each(['pending', 'active', 'deprecating'] as const)(
      'of a version that is %s, whatever the others are, nothing is decided',
      async (status) => {
        const needing = { ...hashed(1, 'old'), status };
        const retired = { ...hashed(2, 'new', '2'), status: 'retired' as const };

        await expect(matchVersion('x', [needing, retired], without('1', '2'))).rejects.toThrow('no 1');
        await expect(matchVersion('x', [retired, needing], without('1', '2'))).rejects.toThrow('no 1');
      },
    );

    it('of a retired version alone, it is not recognised any more', async () => {
      const retired = { ...hashed(1, 'old'), status: 'retired' as const };
      const accepted = hashed(2, 'new', '2');

      expect(await matchVersion('old', [retired, accepted], without('1'))).toBeUndefined();
      expect((await matchVersion('new', [retired, accepted], without('1')))?.version).toBe(2);
    });
  });
});
