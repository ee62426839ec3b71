/** Which versions may be known, and until when they are accepted. */
import { describe, expect, it } from 'vitest';
import { exposureOf, receivedBy } from '../../../lambdas/core/domain/exposure.ts';
import type { KeyRecord, KeyVersion } from '../../../lambdas/core/domain/key-record.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { sampleKey, sampleVersion } from '../../support/sample-records.ts';

const NOW_MS = START_MS + 60_000;
const LATER_MS = NOW_MS + 60_000;
const GRACE = { sinceMs: START_MS, immediate: false };
const AT_ONCE = { sinceMs: START_MS, immediate: true };

const keyWith = (...versions: readonly KeyVersion[]): KeyRecord =>
  sampleKey('Exposure0000', { versions }).record;
/** Made after the compromise. */
const fresh = sampleVersion(9, { createdAtMs: START_MS + 1 });
const old = (changes: Partial<KeyVersion>) => sampleVersion(1, changes);

const EXPOSED = { state: 'exposed' };

describe('an old version', () => {
  it.each([
    ['active', old({}), EXPOSED, EXPOSED],
    ['deprecating without a bound', old({ status: 'deprecating', expiresAtMs: LATER_MS }), EXPOSED, EXPOSED],
    [
      'deprecating with a bound to come',
      old({ status: 'deprecating', expiresAtMs: LATER_MS, refuseAfterMs: LATER_MS }),
      { state: 'bounded', refusedAtMs: LATER_MS },
      EXPOSED,
    ],
    [
      'deprecating with a bound that has come',
      old({ status: 'deprecating', refuseAfterMs: NOW_MS }),
      { state: 'refused', refusedAtMs: NOW_MS },
      { state: 'refused', refusedAtMs: NOW_MS },
    ],
    [
      'retired',
      old({ status: 'retired', retiredAtMs: NOW_MS - 5 }),
      { state: 'refused', refusedAtMs: NOW_MS - 5 },
      { state: 'refused', refusedAtMs: NOW_MS - 5 },
    ],
  ])('that is %s', (_what, version, withGrace, atOnce) => {
    const record = keyWith(version, fresh);

    expect(exposureOf(record, GRACE, NOW_MS)).toEqual(withGrace);
    expect(exposureOf(record, AT_ONCE, NOW_MS)).toEqual(atOnce);
  });

  it('counts when it was made in the very millisecond', () => {
    expect(exposureOf(keyWith(old({ createdAtMs: START_MS })), GRACE, NOW_MS)).toEqual(EXPOSED);
    expect(exposureOf(keyWith(old({ createdAtMs: START_MS + 1 })), GRACE, NOW_MS).state).toBe('refused');
  });
});

it('one whose old versions are all long gone was refused when the oldest on record was, at the latest', () => {
  const later = [11, 12].map((version) =>
    sampleVersion(version, { createdAtMs: LATER_MS, status: 'retired', retiredAtMs: LATER_MS + version }),
  );
  const record = keyWith(...later, { ...fresh, version: 13 });
  expect(exposureOf(record, GRACE, LATER_MS + 60_000)).toEqual({
    state: 'refused',
    refusedAtMs: LATER_MS + 11,
  });
});

describe('several old versions', () => {
  it('are refused when the last of them is', () => {
    const record = keyWith(
      sampleVersion(1, { status: 'retired', retiredAtMs: NOW_MS - 9 }),
      sampleVersion(2, { status: 'deprecating', refuseAfterMs: LATER_MS }),
      fresh,
    );
    expect(exposureOf(record, GRACE, NOW_MS)).toEqual({ state: 'bounded', refusedAtMs: LATER_MS });
  });

  it('are exposed while one of them is', () => {
    const record = keyWith(
      sampleVersion(1, { status: 'retired', retiredAtMs: NOW_MS - 9 }),
      sampleVersion(2),
    );
    expect(exposureOf(record, AT_ONCE, NOW_MS)).toEqual(EXPOSED);
  });
});

describe('receivedBy', () => {
  const handedOut = (changes: Partial<KeyVersion>, firstUsesMs: KeyRecord['firstUsesMs'] = {}) => {
    const record = { ...keyWith(old({ status: 'active', ...changes })), firstUsesMs };
    return exposureOf(record, GRACE, NOW_MS, receivedBy(START_MS)).state;
  };

  it('leaves out what still lay sealed then', () => {
    expect(handedOut({})).toBe('refused');
    expect(handedOut({ receivedAtMs: START_MS + 1 }, { '1': START_MS + 2 })).toBe('refused');
  });

  it('counts what was handed out or used by then', () => {
    expect(handedOut({ receivedAtMs: START_MS })).toBe('exposed');
    expect(handedOut({}, { '1': START_MS })).toBe('exposed');
    expect(handedOut({ receivedAtMs: START_MS, createdAtMs: START_MS + 1 })).toBe('refused');
  });
});
