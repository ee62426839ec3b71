/** A month of scheduled rotations of a fleet, from the counts of one. */
import { resolveSweep } from '../../../lib/sweep-config.ts';
import { SWEEP_SPREAD_MS } from '../../../rules/sweep-timing.ts';
import { DAYS_PER_MONTH, FUNCTIONS } from './assumptions.ts';
import { dollarsOf } from './bill.ts';
import { eachMonth } from './monthly.ts';
import { priceOf } from './prices.ts';
import type { CostResults } from './results.ts';

const SECOND_MS = 1_000;

export interface Fleet {
  readonly keys: number;
  readonly policy: string;
  readonly rotateEveryDays: number;
}

export interface FleetMonth {
  readonly rotations: number;
  /** Rotations with the claims of their keys. */
  readonly rotating: number;
  /** Sweeps, and the time that they wait between their waves. */
  readonly sweeping: number;
  readonly standing: number;
  readonly total: number;
}

export function fleetMonth({ counts }: CostResults, { keys, rotateEveryDays }: Fleet): FleetMonth {
  const duePerDay = keys / rotateEveryDays;
  const rotations = duePerDay * DAYS_PER_MONTH;
  const rotating = rotations * (dollarsOf(counts.rotation) + dollarsOf(counts.claim));
  const sweep = dollarsOf(counts.sweep) + priceOf('scheduled', 1) + waitingDollars(duePerDay);
  const sweeping = DAYS_PER_MONTH * sweep + rotations * dollarsOf(counts.dueKey);
  const standing = eachMonth();
  return { rotations, rotating, sweeping, standing, total: rotating + sweeping + standing };
}

/** The function is billed while it waits: on the average the spread, or a second after each wave if that is more. */
function waitingDollars(due: number): number {
  const waves = Math.ceil(due / resolveSweep({}).startsPerSecond);
  const seconds = ((waves - 1) * Math.max(SECOND_MS, SWEEP_SPREAD_MS / waves)) / SECOND_MS;
  return priceOf('gigabyteSecond', (seconds * (FUNCTIONS['sweep']?.megabytes ?? 0)) / 1024);
}
