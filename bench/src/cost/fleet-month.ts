/** A month of scheduled rotations of a fleet, from the counts of one. */
import { resolveSweep } from '../../../lib/sweep-config.ts';
import type { Policy } from '../../../rules/policy.ts';
import { resolvePolicies } from '../../../rules/resolve-policy.ts';
import { SWEEP_SPREAD_MS } from '../../../rules/sweep-timing.ts';
import { DAY_SECONDS } from '../../../rules/time-units.ts';
import { DAYS_PER_MONTH, FUNCTIONS } from './assumptions.ts';
import { dollarsOf } from './bill.ts';
import { metricLines, standingLines, sumOf } from './monthly.ts';
import { priceOf } from './prices.ts';
import type { CostResults } from './results.ts';

const SECOND_MS = 1_000;
const MINUTE_SECONDS = 60;

export interface Fleet {
  readonly keys: number;
  /** A built-in one. */
  readonly policy: string;
}

export interface FleetMonth {
  readonly rotations: number;
  /** Rotations with the claims of their keys. */
  readonly rotating: number;
  /** Due keys, and the time that the sweep waits between its waves. */
  readonly sweeping: number;
  /** At most: every key is used in every minute of its rotation. */
  readonly observing: number;
  /** Whatever happens, and metrics at most. */
  readonly standing: number;
  readonly total: number;
}

export function fleetMonth(results: CostResults, { keys, policy }: Fleet): FleetMonth {
  const { rotation, claim, dueKey, observedMinute } = results.counts;
  const { rotateEverySeconds, graceSeconds } = policyOf(policy);
  const duePerDay = (keys * DAY_SECONDS) / rotateEverySeconds;
  const rotations = duePerDay * DAYS_PER_MONTH;
  const rotating = rotations * (dollarsOf(rotation) + dollarsOf(claim));
  const sweeping = rotations * dollarsOf(dueKey) + DAYS_PER_MONTH * waitingDollars(duePerDay);
  const observing = rotations * (graceSeconds / MINUTE_SECONDS) * dollarsOf(observedMinute);
  const standing = sumOf(standingLines(results)) + sumOf(metricLines());
  return {
    rotations,
    rotating,
    sweeping,
    observing,
    standing,
    total: rotating + sweeping + observing + standing,
  };
}

function policyOf(name: string): Policy {
  const policies = resolvePolicies({});
  const policy = policies.ok ? policies.value.get(name) : undefined;
  if (!policy) throw new Error(`There is no policy '${name}'.`);
  return policy;
}

/** The function is billed while it waits: on the average the spread, or a second after each wave if that is more. */
function waitingDollars(due: number): number {
  const waves = Math.ceil(due / resolveSweep({}).startsPerSecond);
  const seconds = ((waves - 1) * Math.max(SECOND_MS, SWEEP_SPREAD_MS / waves)) / SECOND_MS;
  return priceOf('gigabyteSecond', (seconds * (FUNCTIONS['sweep']?.megabytes ?? 0)) / 1024);
}
