import { describe, expect, it } from 'vitest';
import {
  addNeeds,
  fingerprintOf,
  missingPeppers,
  newPepperSecret,
  stagedPeppers,
  succeeds,
  unneededPeppers,
  withCurrent,
  withoutPeppers,
  withPepper,
} from '../../../lambdas/core/domain/pepper-rotation.ts';
import { formatPeppers, type PepperSet, parsePeppers } from '../../../lambdas/core/domain/peppers.ts';
import type { VersionStatus } from '../../../rules/words.ts';
import { secureRandomBytes } from '../../support/random-bytes.ts';
import { sampleKey, sampleVersion } from '../../support/sample-records.ts';

const OLD = '20260101T000000000Z-aaaaaaaa';
const CURRENT = '20260201T000000000Z-bbbbbbbb';
const STAGED = '20260301T000000000Z-cccccccc';
const LATEST = '20260401T000000000Z-dddddddd';

const setOf = (current: string, ...names: readonly string[]): PepperSet => ({
  current,
  secrets: new Map([current, ...names].map((name) => [name, Buffer.from(`${name}!`.padEnd(40, '.'))])),
});

describe('a new pepper', () => {
  it('is 64 letters and digits, and never the same', () => {
    const made = Array.from({ length: 20 }, () => Buffer.from(newPepperSecret(secureRandomBytes)).toString());

    for (const text of made) expect(text).toMatch(/^[0-9A-Za-z]{64}$/);
    expect(new Set(made).size).toBe(20);
  });

  it('stands in the secret as it was made', () => {
    const secret = newPepperSecret(secureRandomBytes);
    const set = withPepper(setOf('1'), STAGED, secret);

    const read = parsePeppers(formatPeppers(set));
    expect(read).toEqual({ current: '1', secrets: set.secrets });
    expect(Buffer.from(read.secrets.get(STAGED) as Uint8Array)).toEqual(Buffer.from(secret));
  });

  it('is told from another one by its fingerprint, which is not the pepper', () => {
    const [one, other] = [newPepperSecret(secureRandomBytes), newPepperSecret(secureRandomBytes)];

    expect(fingerprintOf(one)).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprintOf(one)).toBe(fingerprintOf(Buffer.from(one)));
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
  });
});

describe('a set follows from another', () => {
  it('with all that it holds, and nothing more or one that is newer than the current one', () => {
    const before = setOf(CURRENT, OLD);
    expect(succeeds(before, before)).toBe(true);
    expect(succeeds(setOf(CURRENT, STAGED, OLD), before)).toBe(true);
  });

  it.each([
    ['another current one', setOf(OLD, CURRENT)],
    ['one that is missing', setOf(CURRENT)],
    ['an older one that is back', setOf(CURRENT, OLD, '20250101T000000000Z-aaaaaaaa')],
    ['two new ones', setOf(CURRENT, OLD, STAGED, LATEST)],
    ['one that is altered', withPepper(setOf(CURRENT, OLD), OLD, Buffer.alloc(40, 'x'))],
  ])('not with %s', (_what, set) => {
    expect(succeeds(set, setOf(CURRENT, OLD))).toBe(false);
  });
});

describe('a set', () => {
  it('is changed by nobody: each change is a new one', () => {
    const set = setOf('1', OLD);
    withPepper(set, STAGED, Buffer.alloc(40));
    withCurrent(set, OLD);
    withoutPeppers(set, [OLD]);

    expect(set).toEqual(setOf('1', OLD));
  });

  it('gets another current one, and loses what is dropped', () => {
    expect(withCurrent(setOf('1', OLD), OLD).current).toBe(OLD);
    expect([...withoutPeppers(setOf('1', OLD, STAGED), [OLD]).secrets.keys()]).toEqual(['1', STAGED]);
  });

  it('comes back out of its text, whatever letters its peppers have', () => {
    const odd: PepperSet = { current: '1', secrets: new Map([['1', Buffer.from('"\\\n é 🌶 '.repeat(8))]]) };

    expect(parsePeppers(formatPeppers(odd))).toEqual(odd);
  });
});

describe('staged peppers', () => {
  it('are those made after the current one, newest first', () => {
    expect(stagedPeppers(setOf(CURRENT, OLD, STAGED, '1', LATEST))).toEqual([LATEST, STAGED]);
    expect(stagedPeppers(setOf('1', '2'))).toEqual([]);
  });
});

describe('unneeded peppers', () => {
  it('are those that no version needs', () => {
    expect(unneededPeppers(setOf(CURRENT, '1', OLD), { '1': 2, [CURRENT]: 9 })).toEqual([OLD]);
    expect(unneededPeppers(setOf(CURRENT, '1', OLD), {})).toEqual(['1', OLD]);
  });

  it('are never the current one, nor one on its way to become it', () => {
    expect(unneededPeppers(setOf(CURRENT, STAGED), {})).toEqual([]);
    expect(unneededPeppers(setOf('1', STAGED), {})).toEqual([]);
  });
});

describe('missing peppers', () => {
  it('are those that versions need and nobody has', () => {
    expect(missingPeppers(setOf(CURRENT, '1'), { '1': 1, [OLD]: 3 })).toEqual([OLD]);
  });
});

describe('addNeeds', () => {
  const key = (status: 'enabled' | 'disabled' | 'revoked', ...versions: [VersionStatus, string][]) =>
    sampleKey('Ab3dEf7hIj9L', {
      status,
      versions: versions.map(([of, pepperVersion], index) =>
        sampleVersion(index + 1, { status: of, pepperVersion }),
      ),
    }).record;

  it('counts each version that is or may be accepted, under its pepper', () => {
    const records = [
      key('enabled', ['retired', '0'], ['deprecating', '1'], ['active', '2']),
      key('enabled', ['active', '1'], ['pending', '2']),
    ];

    expect(addNeeds({}, records)).toEqual({ '1': 2, '2': 2 });
  });

  it('counts a disabled key, which may be enabled again, and not a revoked one', () => {
    expect(addNeeds({}, [key('disabled', ['active', '1']), key('revoked', ['active', '2'])])).toEqual({
      '1': 1,
    });
  });

  it('adds to what was counted, and changes nothing of it', () => {
    const before = Object.freeze({ '1': 5 });

    expect(addNeeds(before, [key('enabled', ['active', '1'])])).toEqual({ '1': 6 });
  });
});
