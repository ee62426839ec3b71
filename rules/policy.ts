/** Rotation policies: how often, how long both versions hold, what is judged, what happens when it fails. */
import { type Checked, refused } from './checked.ts';
import { parseDurationSeconds } from './duration.ts';

/** A policy as it is configured; every duration is ISO 8601. */
export interface PolicyConfig {
  readonly rotateEvery?: string;
  readonly gracePeriod?: string;
  readonly emergencyGracePeriod?: string;
  /** Share of requests on the new version from which the migration counts as done, in percent. */
  readonly migrationThresholdPercent?: number;
  readonly extension?: string;
  readonly maxExtensions?: number;
  /** When clients still use the old version after the last extension: keep it and judge it again, or retire it. */
  readonly afterMaxExtensions?: 'hold' | 'retire';
}

/** A policy as the use cases read it. */
export interface Policy {
  readonly name: string;
  readonly rotateEverySeconds: number;
  readonly graceSeconds: number;
  readonly emergencyGraceSeconds: number;
  /** 0 to 1. */
  readonly migrationThreshold: number;
  readonly extensionSeconds: number;
  readonly maxExtensions: number;
  readonly afterMaxExtensions: 'hold' | 'retire';
}

/** The part of a policy that a rotation takes with it: a later change holds for the next one. */
export type RotationTerms = Pick<
  Policy,
  'rotateEverySeconds' | 'migrationThreshold' | 'extensionSeconds' | 'maxExtensions' | 'afterMaxExtensions'
>;

const DEFAULTS: Required<PolicyConfig> = {
  rotateEvery: 'P90D',
  gracePeriod: 'PT72H',
  emergencyGracePeriod: 'PT1H',
  migrationThresholdPercent: 95,
  extension: 'PT24H',
  maxExtensions: 7,
  afterMaxExtensions: 'hold',
};

export const termsOf = (policy: Policy): RotationTerms => ({
  rotateEverySeconds: policy.rotateEverySeconds,
  migrationThreshold: policy.migrationThreshold,
  extensionSeconds: policy.extensionSeconds,
  maxExtensions: policy.maxExtensions,
  afterMaxExtensions: policy.afterMaxExtensions,
});

/** The policies every deployment has. `drill` serves rehearsals on throw-away keys. */
export const BUILT_IN_POLICIES: Readonly<Record<string, PolicyConfig>> = {
  standard: {},
  'high-security': { rotateEvery: 'P30D' },
  'public-read': { rotateEvery: 'P180D' },
  drill: { rotateEvery: 'P1D', gracePeriod: 'PT20S', emergencyGracePeriod: 'PT20S', extension: 'PT20S' },
};

const LONGEST_WINDOW_SECONDS = 90 * 86_400;

const NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** Checks one policy and fills in the defaults; says the first thing that is wrong. */
export function resolvePolicy(name: string, config: PolicyConfig): Checked<Policy> {
  if (!NAME.test(name)) {
    return refused(
      `Policy name '${name}' is not valid.`,
      'Use up to 32 lower-case letters, digits and hyphens, starting with a letter.',
    );
  }
  const unknown = Object.keys(config).find((field) => !Object.hasOwn(DEFAULTS, field));
  if (unknown !== undefined) {
    return refused(
      `Policy '${name}' has the field '${unknown}', which is not known.`,
      `Known fields: ${Object.keys(DEFAULTS).join(', ')}.`,
    );
  }
  const full = { ...DEFAULTS, ...config };
  const seconds: Record<string, number> = {};
  for (const field of ['rotateEvery', 'gracePeriod', 'emergencyGracePeriod', 'extension'] as const) {
    const parsed = parseDurationSeconds(full[field], `Policy '${name}': ${field}`);
    if (!parsed.ok) return parsed;
    if (parsed.value <= 0)
      return refused(`Policy '${name}': ${field} '${full[field]}' is zero.`, 'Give at least PT1S.');
    if (field !== 'rotateEvery' && parsed.value > LONGEST_WINDOW_SECONDS) {
      return refused(
        `Policy '${name}': ${field} '${full[field]}' is too long.`,
        'Give up to P90D: an execution of the workflow lives for a year at most.',
      );
    }
    seconds[field] = parsed.value;
  }
  if ((seconds['gracePeriod'] as number) >= (seconds['rotateEvery'] as number)) {
    return refused(
      `Policy '${name}': gracePeriod '${full.gracePeriod}' is not shorter than rotateEvery '${full.rotateEvery}'.`,
      'A rotation must be over before the next is due: shorten the grace period or rotate less often.',
    );
  }
  const percent = full.migrationThresholdPercent;
  if (!Number.isFinite(percent) || percent <= 0 || percent > 100) {
    return refused(
      `Policy '${name}': migrationThresholdPercent '${percent}' is out of range.`,
      'Give a percentage above 0 and up to 100, such as 95.',
    );
  }
  if (!Number.isInteger(full.maxExtensions) || full.maxExtensions < 0 || full.maxExtensions > 365) {
    return refused(
      `Policy '${name}': maxExtensions '${full.maxExtensions}' is out of range.`,
      'Give a whole number from 0 to 365.',
    );
  }
  if (full.afterMaxExtensions !== 'hold' && full.afterMaxExtensions !== 'retire') {
    return refused(
      `Policy '${name}': afterMaxExtensions '${String(full.afterMaxExtensions)}' is not known.`,
      "Choose 'hold' (keep the old version and judge it again) or 'retire'.",
    );
  }
  return {
    ok: true,
    value: {
      name,
      rotateEverySeconds: seconds['rotateEvery'] as number,
      graceSeconds: seconds['gracePeriod'] as number,
      emergencyGraceSeconds: seconds['emergencyGracePeriod'] as number,
      // 96.2 / 100 is a little more than 0.962: a share of exactly 96.2 % would not have reached it.
      migrationThreshold: Number((percent / 100).toPrecision(12)),
      extensionSeconds: seconds['extension'] as number,
      maxExtensions: full.maxExtensions,
      afterMaxExtensions: full.afterMaxExtensions,
    },
  };
}

/** All policies of a deployment: the built-in ones, changed or joined by the configured ones. */
export function resolvePolicies(
  configured: Readonly<Record<string, PolicyConfig>>,
): Checked<ReadonlyMap<string, Policy>> {
  const all = new Map<string, Policy>();
  const names = new Set([...Object.keys(BUILT_IN_POLICIES), ...Object.keys(configured)]);
  for (const name of names) {
    const policy = resolvePolicy(name, { ...BUILT_IN_POLICIES[name], ...configured[name] });
    if (!policy.ok) return policy;
    all.set(name, policy.value);
  }
  return { ok: true, value: all };
}
