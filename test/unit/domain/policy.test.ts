import { describe, expect, it } from 'vitest';
import { type PolicyConfig, termsOf } from '../../../rules/policy.ts';
import { resolvePolicies, resolvePolicy } from '../../../rules/resolve-policy.ts';

const HOUR = 3_600;
const DAY = 86_400;

describe('resolvePolicies', () => {
  it.each([
    ['standard', 90 * DAY],
    ['high-security', 30 * DAY],
    ['public-read', 180 * DAY],
  ])('has %s with the documented defaults', (name, rotateEverySeconds) => {
    const policies = resolvePolicies({});

    expect(policies.ok && policies.value.get(name)).toEqual({
      name,
      rotateEverySeconds,
      graceSeconds: 72 * HOUR,
      emergencyGraceSeconds: HOUR,
      migrationThreshold: 0.95,
      extensionSeconds: 24 * HOUR,
      maxExtensions: 7,
      afterMaxExtensions: 'hold',
      reminderSeconds: [48 * HOUR, 24 * HOUR],
      claimLinkSeconds: 7 * DAY,
      rollback: true,
      environments: ['live', 'test'],
      allowedAddresses: 'any',
    });
  });

  it('lets a configured policy change a built-in one, field by field', () => {
    const policies = resolvePolicies({ 'high-security': { gracePeriod: 'PT24H' } });

    expect(policies.ok && policies.value.get('high-security')).toMatchObject({
      rotateEverySeconds: 30 * DAY,
      graceSeconds: 24 * HOUR,
    });
  });

  it('adds a configured policy to the built-in ones', () => {
    const policies = resolvePolicies({ partners: { rotateEvery: 'P365D' } });

    expect(policies.ok && [...policies.value.keys()].sort()).toEqual(
      ['drill', 'high-security', 'partners', 'public-read', 'standard'].sort(),
    );
  });

  it('says which policy is wrong', () => {
    expect(resolvePolicies({ good: {}, bad: { maxExtensions: -1 } })).toMatchObject({
      ok: false,
      message: "Policy 'bad': maxExtensions '-1' is out of range.",
    });
  });
});

describe('resolvePolicy', () => {
  const bad: readonly (readonly [PolicyConfig, string])[] = [
    [{ rotateEvery: '90 days' }, "Policy 'p': rotateEvery '90 days' is not an ISO 8601 duration."],
    [{ gracePeriod: 'P1M' }, "Policy 'p': gracePeriod 'P1M' is not an ISO 8601 duration."],
    [{ emergencyGracePeriod: '' }, "Policy 'p': emergencyGracePeriod '' is not an ISO 8601 duration."],
    [{ extension: '24h' }, "Policy 'p': extension '24h' is not an ISO 8601 duration."],
    [{ rotateEvery: 'PT0S' }, "Policy 'p': rotateEvery 'PT0S' is zero."],
    [{ gracePeriod: 'PT0S' }, "Policy 'p': gracePeriod 'PT0S' is zero."],
    [{ emergencyGracePeriod: 'P0D' }, "Policy 'p': emergencyGracePeriod 'P0D' is zero."],
    [{ extension: 'PT0H' }, "Policy 'p': extension 'PT0H' is zero."],
    [{ rotateEvery: 'PT72H' }, "Policy 'p': gracePeriod 'PT72H' is not shorter than rotateEvery 'PT72H'."],
    [{ migrationThresholdPercent: 0 }, "Policy 'p': migrationThresholdPercent '0' is out of range."],
    [{ migrationThresholdPercent: 100.1 }, "Policy 'p': migrationThresholdPercent '100.1' is out of range."],
    [
      { migrationThresholdPercent: Number.NaN },
      "Policy 'p': migrationThresholdPercent 'NaN' is out of range.",
    ],
    [{ maxExtensions: -1 }, "Policy 'p': maxExtensions '-1' is out of range."],
    [{ maxExtensions: 1.5 }, "Policy 'p': maxExtensions '1.5' is out of range."],
    [{ maxExtensions: 366 }, "Policy 'p': maxExtensions '366' is out of range."],
    [{ afterMaxExtensions: 'drop' as 'hold' }, "Policy 'p': afterMaxExtensions 'drop' is not known."],
    [{ reminders: 'PT48H' as never }, 'Policy \'p\': reminders "PT48H" is no list of up to 5 durations.'],
    [{ reminders: ['two days'] }, "Policy 'p': reminders 'two days' is not an ISO 8601 duration."],
    [{ reminders: ['PT0S'] }, "Policy 'p': reminders 'PT0S' is zero."],
    [
      { reminders: Array.from({ length: 6 }, () => 'PT1H') },
      `Policy 'p': reminders ["PT1H","PT1H","PT1H","PT1H","PT1H","PT1H"] is no list of up to 5 durations.`,
    ],
    [{ earlyRetirement: 'soon' }, "Policy 'p': earlyRetirement 'soon' is not an ISO 8601 duration."],
    [{ claimLinkLifetime: 'a week' }, "Policy 'p': claimLinkLifetime 'a week' is not an ISO 8601 duration."],
    [{ claimLinkLifetime: 'PT0S' }, "Policy 'p': claimLinkLifetime 'PT0S' is zero."],
    [{ claimLinkLifetime: 'PT59M' }, "Policy 'p': claimLinkLifetime 'PT59M' is out of range."],
    [{ claimLinkLifetime: 'P14DT1S' }, "Policy 'p': claimLinkLifetime 'P14DT1S' is out of range."],
    [{ earlyRetirement: 'PT0S' }, "Policy 'p': earlyRetirement 'PT0S' is zero."],
    [
      { earlyRetirement: 'PT72H' },
      "Policy 'p': earlyRetirement 'PT72H' is not shorter than gracePeriod 'PT72H'.",
    ],
    [{ rollback: 'no' as never }, "Policy 'p': rollback 'no' is neither true nor false."],
    [{ environments: [] }, "Policy 'p': environments [] is empty or has an unknown name."],
    [
      { environments: ['live', 'staging' as never] },
      `Policy 'p': environments ["live","staging"] is empty or has an unknown name.`,
    ],
    [{ allowedAddresses: [] }, "Policy 'p': allowedAddresses [] is no list of 1 to 50 addresses."],
    [
      { allowedAddresses: 'none' as 'any' },
      `Policy 'p': allowedAddresses "none" is no list of 1 to 50 addresses.`,
    ],
    [
      { allowedAddresses: ['203.0.113.0/33'] },
      "Policy 'p': allowed address '203.0.113.0/33' is neither an address nor a CIDR block.",
    ],
  ];

  it.each(bad)('refuses %j with what was wrong and the mend', (config, message) => {
    expect(resolvePolicy('p', config)).toEqual({
      ok: false,
      message,
      hint: expect.stringMatching(/^(Give|Write|Choose|A rotation|It would) .+\.$/),
    });
  });

  it.each(['', 'Standard', '9lives', 'a_b', 'a b', `a${'b'.repeat(32)}`])('refuses the name %j', (name) => {
    expect(resolvePolicy(name, {})).toMatchObject({
      ok: false,
      message: `Policy name '${name}' is not valid.`,
    });
  });

  it.each([
    [{ maxExtensions: 0 }, { maxExtensions: 0 }],
    [{ maxExtensions: 365 }, { maxExtensions: 365 }],
    [{ migrationThresholdPercent: 100 }, { migrationThreshold: 1 }],
    [{ migrationThresholdPercent: 0.1 }, { migrationThreshold: 0.001 }],
    [{ afterMaxExtensions: 'retire' as const }, { afterMaxExtensions: 'retire' }],
    [{ rotateEvery: 'PT73H' }, { rotateEverySeconds: 73 * HOUR }],
    [{ reminders: [] }, { reminderSeconds: [] }],
    [{ reminders: ['PT1H', 'P1D', 'PT24H'] }, { reminderSeconds: [DAY, HOUR] }],
    [{ claimLinkLifetime: 'PT1H' }, { claimLinkSeconds: HOUR }],
    [{ claimLinkLifetime: 'P14D' }, { claimLinkSeconds: 14 * DAY }],
    [{ earlyRetirement: 'PT12H' }, { earlyRetirementSeconds: 12 * HOUR }],
    [{ rollback: false }, { rollback: false }],
    [{ environments: ['test' as const] }, { environments: ['test'] }],
    [{ allowedAddresses: 'required' as const }, { allowedAddresses: 'required' }],
    [{ allowedAddresses: ['203.0.113.0/24'] }, { allowedAddresses: ['203.0.113.0/24'] }],
  ])('takes %j', (config, expected) => {
    expect(resolvePolicy('p', config)).toMatchObject({ ok: true, value: expected });
  });

  it('takes every tenth of a percent as the share it says, so that a share exactly at it has reached it', () => {
    const wrong = Array.from({ length: 1_000 }, (_, index) => index + 1).filter((perMille) => {
      const policy = resolvePolicy('p', { migrationThresholdPercent: perMille / 10 });
      return !policy.ok || policy.value.migrationThreshold !== perMille / 1_000;
    });

    expect(wrong).toEqual([]);
  });

  it('gives a rotation the terms that it keeps', () => {
    const policy = resolvePolicy('p', { extension: 'PT1H', afterMaxExtensions: 'retire' });

    expect(policy.ok && termsOf(policy.value)).toEqual({
      rotateEverySeconds: 90 * DAY,
      migrationThreshold: 0.95,
      extensionSeconds: HOUR,
      maxExtensions: 7,
      afterMaxExtensions: 'retire',
      reminderSeconds: [48 * HOUR, 24 * HOUR],
      rollback: true,
    });
  });
});
