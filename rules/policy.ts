/** Rotation policies: how often, how long both versions hold, what is judged, what happens when it fails. */
import { ENVIRONMENTS, type Environment } from './words.ts';

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
  /** How long before each announced end the owner is reminded; one that does not fit into the window is left out. */
  readonly reminders?: readonly string[];
  /** Retire before the announced end once only the new version was used for this long, or `never`. */
  readonly earlyRetirement?: string;
  /** How long a claim link works; each reminder brings another. */
  readonly claimLinkLifetime?: string;
  /** Whether a rotation may be taken back once its new version is accepted. */
  readonly rollback?: boolean;
  /** Of which keys with this policy may be issued. */
  readonly environments?: readonly Environment[];
  /**
   * From where keys with this policy may be used: `any` leaves it to each key, `required` wants each key to name its
   * addresses, and a list of CIDR blocks allows these alone: a key may narrow them and has them otherwise.
   */
  readonly allowedAddresses?: 'any' | 'required' | readonly string[];
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
  /** Before the end, the longest first. */
  readonly reminderSeconds: readonly number[];
  /** Absent: never before the announced end. */
  readonly earlyRetirementSeconds?: number;
  readonly claimLinkSeconds: number;
  readonly rollback: boolean;
  readonly environments: readonly Environment[];
  readonly allowedAddresses: 'any' | 'required' | readonly string[];
}

/**
 * The part of a policy that a rotation takes with it: a later change holds for the next one. What is optional here is
 * absent from rotations that an earlier release has started.
 */
export type RotationTerms = Pick<
  Policy,
  'rotateEverySeconds' | 'migrationThreshold' | 'extensionSeconds' | 'maxExtensions' | 'afterMaxExtensions'
> &
  Partial<Pick<Policy, 'reminderSeconds' | 'earlyRetirementSeconds' | 'rollback'>>;

export const POLICY_DEFAULTS: Required<PolicyConfig> = {
  rotateEvery: 'P90D',
  gracePeriod: 'PT72H',
  emergencyGracePeriod: 'PT1H',
  migrationThresholdPercent: 95,
  extension: 'PT24H',
  maxExtensions: 7,
  afterMaxExtensions: 'hold',
  reminders: ['PT48H', 'PT24H'],
  earlyRetirement: 'never',
  claimLinkLifetime: 'P7D',
  rollback: true,
  environments: ENVIRONMENTS,
  allowedAddresses: 'any',
};

/** The policies every deployment has. `drill` serves rehearsals on throw-away keys. */
export const BUILT_IN_POLICIES: Readonly<Record<string, PolicyConfig>> = {
  standard: {},
  'high-security': { rotateEvery: 'P30D' },
  'public-read': { rotateEvery: 'P180D' },
  drill: {
    rotateEvery: 'P1D',
    gracePeriod: 'PT20S',
    emergencyGracePeriod: 'PT20S',
    extension: 'PT20S',
    reminders: ['PT10S'],
  },
};

export const termsOf = (policy: Policy): RotationTerms => ({
  rotateEverySeconds: policy.rotateEverySeconds,
  migrationThreshold: policy.migrationThreshold,
  extensionSeconds: policy.extensionSeconds,
  maxExtensions: policy.maxExtensions,
  afterMaxExtensions: policy.afterMaxExtensions,
  reminderSeconds: policy.reminderSeconds,
  ...(policy.earlyRetirementSeconds === undefined
    ? {}
    : { earlyRetirementSeconds: policy.earlyRetirementSeconds }),
  rollback: policy.rollback,
});
