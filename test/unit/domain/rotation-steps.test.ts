import { describe, expect, it } from 'vitest';
import {
  type KeyRecord,
  type KeyVersion,
  newestVersion,
  type Rotation,
  type Verdict,
} from '../../../lambdas/core/domain/key-record.ts';
import {
  activated,
  failed,
  generated,
  judged,
  oldRetired,
  resumed,
} from '../../../lambdas/core/domain/rotation-steps.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { sampleKey, sampleRotation, sampleVersion, TERMS } from '../../support/sample-records.ts';

const NOW_MS = START_MS + 60_000;
const END_MS = NOW_MS + 72 * 3_600_000;

const recordWith = (changes: Partial<KeyRecord>): KeyRecord => sampleKey('Ab3dEf7hIj9L', changes).record;

/** Version 1 active, version 2 pending. */
const VERIFYING = sampleRotation({ status: 'verifying', toVersion: 2 });
const verifying = (rotation: Partial<Rotation> = {}): readonly [KeyRecord, Rotation] => {
  const running = { ...VERIFYING, ...rotation };
  const versions = [sampleVersion(1), sampleVersion(2, { status: 'pending' })];
  return [recordWith({ versions, rotation: running }), running];
};

/** Version 1 deprecating, version 2 active. */
const dualKey = (changes: Partial<Rotation> = {}): readonly [KeyRecord, Rotation] => {
  const rotation: Rotation = {
    ...VERIFYING,
    status: 'dual-key',
    gracePeriodEndsAtMs: END_MS,
    ...changes,
  };
  const versions = [
    sampleVersion(1, { status: 'deprecating', expiresAtMs: END_MS }),
    sampleVersion(2, { activatedAtMs: NOW_MS }),
  ];
  return [recordWith({ versions, rotation }), rotation];
};

const statuses = (record: KeyRecord): string =>
  record.versions.map(({ version, status }) => `${version}:${status}`).join(' ');

describe('generated', () => {
  it('leaves what is accepted as it was', () => {
    const begun = recordWith({ rotation: sampleRotation() });
    const made = generated(begun, sampleRotation(), sampleVersion(2, { status: 'pending' }));

    expect(statuses(made)).toBe('1:active 2:pending');
    expect(made.rotation).toEqual(VERIFYING);
  });
});

describe('resumed', () => {
  it('starts at the two versions that are accepted, with a grace period of its own', () => {
    const [{ rotation: _failed, ...record }] = dualKey();
    const old = record.versions[0] as KeyVersion;
    const windowBase = { sinceMs: START_MS, oldRequests: 3, newRequests: 4 };
    const rotation = sampleRotation({ rotationId: 'r-2', fromVersion: 2, graceSeconds: 60 });

    const after = resumed(record, rotation, old, { nowMs: NOW_MS, windowBase });

    expect(after.versions).toEqual([{ ...old, expiresAtMs: NOW_MS + 60_000 }, record.versions[1]]);
    expect(after.rotation).toEqual({
      ...rotation,
      status: 'dual-key',
      fromVersion: 1,
      toVersion: 2,
      gracePeriodEndsAtMs: NOW_MS + 60_000,
      windowBase,
    });
  });
});

const START = { nowMs: NOW_MS, windowBase: { sinceMs: NOW_MS, oldRequests: 0, newRequests: 0 } };

describe('activated', () => {
  it('accepts the new version and announces the end of the old one, in one record', () => {
    const after = activated(...verifying(), START);

    expect(after.versions).toEqual([
      sampleVersion(1, { status: 'deprecating', expiresAtMs: END_MS }),
      sampleVersion(2, { status: 'active', activatedAtMs: NOW_MS }),
    ]);
    expect(after.rotation).toEqual({
      ...VERIFYING,
      status: 'dual-key',
      gracePeriodEndsAtMs: END_MS,
      windowBase: START.windowBase,
    });
  });

  it.each(['scheduled', 'manual'] as const)(
    'sets no hard end where purpose is %s: a workflow that stands still cuts nobody off',
    (purpose) => {
      expect(activated(...verifying({ purpose }), START).versions[0]).not.toHaveProperty('refuseAfterMs');
    },
  );

  it('sets a hard end in an emergency: a leaked key is refused then, whatever the workflow does', () => {
    const after = activated(...verifying({ purpose: 'emergency', graceSeconds: 3_600 }), START);

    expect(after.versions[0]).toMatchObject({
      status: 'deprecating',
      expiresAtMs: NOW_MS + 3_600_000,
      refuseAfterMs: NOW_MS + 3_600_000,
    });
  });

  it('retires the old version at once and ends the rotation where it is immediate', () => {
    const after = activated(...verifying({ purpose: 'emergency', immediate: true, graceSeconds: 0 }), START);

    expect(statuses(after)).toBe('1:retired 2:active');
    expect(after.rotation).toMatchObject({ status: 'completed', endedAtMs: NOW_MS });
  });

  it('makes the next rotation due from now on', () => {
    expect(activated(...verifying(), START).dueAtMs).toBe(NOW_MS + TERMS.rotateEverySeconds * 1000);
  });

  it('retires a version that still deprecates from before: three are never accepted', () => {
    const [, rotation] = verifying({ fromVersion: 2, toVersion: 3 });
    const record = recordWith({
      versions: [
        sampleVersion(1, { status: 'deprecating', expiresAtMs: END_MS, refuseAfterMs: END_MS }),
        sampleVersion(2),
        sampleVersion(3, { status: 'pending' }),
      ],
      rotation,
    });

    const after = activated(record, rotation, START);

    expect(statuses(after)).toBe('1:retired 2:deprecating 3:active');
    expect(after.versions[0]).toEqual(sampleVersion(1, { status: 'retired', retiredAtMs: NOW_MS }));
  });

  it('keeps the last five retired versions, so that their use is recognised, and drops older ones', () => {
    const [, rotation] = verifying({ fromVersion: 8, toVersion: 9, immediate: true, purpose: 'emergency' });
    const retired = [1, 2, 3, 4, 5, 6, 7].map((version) => sampleVersion(version, { status: 'retired' }));
    const versions = [...retired, sampleVersion(8), sampleVersion(9, { status: 'pending' })];

    const after = activated(recordWith({ versions, rotation }), rotation, START);

    expect(statuses(after)).toBe('4:retired 5:retired 6:retired 7:retired 8:retired 9:active');
  });
});

describe('judged', () => {
  const verdict = (decision: Verdict['decision']): Verdict => ({
    evidence: 'stragglers',
    decision,
    oldRequests: 3,
    newRequests: 4,
    judgedAtMs: END_MS,
  });
  const NEXT_END_MS = END_MS + 86_400_000;
  const NEXT = {
    nowMs: END_MS,
    endsAtMs: NEXT_END_MS,
    windowBase: { sinceMs: END_MS, oldRequests: 13, newRequests: 24 },
  };

  it('to retire: notes the verdict and leaves the versions to the next step', () => {
    const [record, rotation] = dualKey();

    const after = judged(record, rotation, verdict('retire'), NEXT);

    expect(after).toEqual({ ...record, rotation: { ...rotation, verdict: verdict('retire') } });
  });

  it('to extend: moves the announced end, counts the extension, starts the next window', () => {
    const [record, rotation] = dualKey({ extensions: 2 });

    const after = judged(record, rotation, verdict('extend'), NEXT);

    expect(after.versions[0]?.expiresAtMs).toBe(NEXT_END_MS);
    expect(after.rotation).toMatchObject({
      status: 'dual-key',
      extensions: 3,
      gracePeriodEndsAtMs: NEXT_END_MS,
      windowBase: NEXT.windowBase,
      verdict: verdict('extend'),
    });
  });

  it('to hold: waits as long again without counting an extension', () => {
    const [record, rotation] = dualKey({ extensions: 7 });

    const after = judged(record, rotation, verdict('hold'), NEXT);

    expect(statuses(after)).toBe('1:deprecating 2:active');
    expect(after.rotation).toMatchObject({ extensions: 7, gracePeriodEndsAtMs: NEXT_END_MS });
  });
});

describe('oldRetired', () => {
  it('refuses the old version and completes the rotation', () => {
    const after = oldRetired(...dualKey(), NOW_MS);

    expect(after.versions[0]).toEqual(sampleVersion(1, { status: 'retired', retiredAtMs: NOW_MS }));
    expect(after.rotation).toMatchObject({ status: 'completed', endedAtMs: NOW_MS });
  });
});

describe('the version that clients used until now', () => {
  it('stays recognised when it retires, though six of higher numbers came to nothing before', () => {
    const [, rotation] = dualKey();
    const nothing = [2, 3, 4, 5, 6, 7].map((version) =>
      sampleVersion(version, { status: 'retired', retiredAtMs: NOW_MS - 1_000 + version }),
    );
    const versions = [sampleVersion(1, { status: 'deprecating' }), ...nothing, sampleVersion(8)];

    const after = oldRetired(recordWith({ versions, rotation }), rotation, NOW_MS);

    expect(statuses(after)).toBe('1:retired 4:retired 5:retired 6:retired 7:retired 8:active');
  });
});

describe('the newest version', () => {
  it('stays on record though a clock that went back has retired it before all others: its number is taken', () => {
    const [, rotation] = verifying({ fromVersion: 1, toVersion: 8 });
    const before = [2, 3, 4, 5, 6, 7].map((version) =>
      sampleVersion(version, { status: 'retired', retiredAtMs: NOW_MS + 3_600_000 + version }),
    );
    const versions = [sampleVersion(1), ...before, sampleVersion(8, { status: 'pending' })];

    const after = failed(recordWith({ versions, rotation }), rotation, 'no authorizer answered', NOW_MS);

    expect(newestVersion(after)).toBe(8);
    expect(statuses(after)).toBe('1:active 4:retired 5:retired 6:retired 7:retired 8:retired');
  });
});

describe('failed', () => {
  it('drops a version that was never accepted', () => {
    const after = failed(...verifying(), 'no authorizer answered', NOW_MS);

    expect(statuses(after)).toBe('1:active 2:retired');
    expect(after.rotation).toMatchObject({
      status: 'failed',
      endedAtMs: NOW_MS,
      failure: 'no authorizer answered',
    });
  });

  it('leaves two accepted versions accepted: nobody is cut off by a failure', () => {
    const [record, rotation] = dualKey();

    expect(failed(record, rotation, 'no authorizer answered', NOW_MS).versions).toEqual(record.versions);
  });
});
