import { describe, expect, it } from 'vitest';
import { isNewer, madeAtMs, newPepperName } from '../../../lambdas/core/domain/pepper-name.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { secureRandomBytes, seededRandomBytes } from '../../support/random-bytes.ts';

const nameAt = (nowMs: number, current = '1') => newPepperName(current, nowMs, secureRandomBytes);

describe('newPepperName', () => {
  it('tells when the pepper was made', () => {
    const name = nameAt(START_MS + 123);

    expect(name).toMatch(/^20261123T140000123Z-[0-9A-Za-z]{8}$/);
    expect(madeAtMs(name)).toBe(START_MS + 123);
  });

  it('is another one in the same moment', () => {
    const names = Array.from({ length: 1_000 }, () => nameAt(START_MS));

    expect(new Set(names).size).toBe(1_000);
  });

  it('takes its chance from the source that it is given', () => {
    const made = () => newPepperName('1', START_MS, seededRandomBytes('a'));

    expect(made()).toBe(made());
  });

  it.each([0, -1, -3_600_000])('sorts after the current one where the clock says %i ms', (skewMs) => {
    const current = nameAt(START_MS);

    expect(isNewer(nameAt(START_MS + skewMs, current), current)).toBe(true);
  });
});

describe('madeAtMs', () => {
  it.each([
    '1',
    'winter',
    '',
    '2026',
    '20261123T140000Z-4fK2mQ9x',
    '20261123T140000123Z',
    '20261123T140000123Z-4fK2mQ9',
    '20261123T140000123Z-4fK2mQ9xx',
    '20261323T140000123Z-4fK2mQ9x',
    'x20261123T140000123Z-4fK2mQ9x',
  ])('is not known of %j, which nobody here made', (name) => {
    expect(madeAtMs(name)).toBeUndefined();
  });
});

describe('isNewer', () => {
  it('is by time; a pepper whose time is not known is older', () => {
    const [old, young] = [nameAt(START_MS), nameAt(START_MS + 1)];

    expect([isNewer(young, old), isNewer(old, young), isNewer(old, old)]).toEqual([true, false, false]);
    expect([isNewer(old, '9'), isNewer('9', old), isNewer('9', '1')]).toEqual([true, false, false]);
  });
});
