/** How much of the audit is checked. */
import type { AuditSize } from './results.ts';

export interface AuditPlan {
  readonly rounds: number;
  readonly growing: readonly AuditSize[];
  readonly sameChains: readonly AuditSize[];
  readonly digests: readonly AuditSize[];
  readonly newEvents: number;
}

const SIZES = [12_500, 25_000, 50_000, 100_000];
const MOST_CHAINS = 4_000;

const planOf = (sizes: readonly number[], chains: number, rounds: number, newEvents: number): AuditPlan => {
  const most = Math.max(...sizes);
  const growing = sizes.map((events) => ({ events, chains: (chains * events) / most }));
  return {
    rounds,
    growing,
    sameChains: sizes.map((events) => ({ events, chains })),
    digests: growing,
    newEvents,
  };
};

export const FULL_AUDIT = planOf(SIZES, MOST_CHAINS, 5, 500);
/** For trying it: its figures say little. */
export const QUICK_AUDIT = planOf([1_000, 2_000], 200, 2, 50);
