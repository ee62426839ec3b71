/** How much is measured. */
import type { RoundsPlan } from './measure/round.ts';

/** About what DynamoDB takes for a consistent `GetItem` within a Region. */
export const STEADY_LATENCY_MS = 2;

export interface Plan {
  /** Against a store across a connection: a request takes milliseconds. */
  readonly withRead: RoundsPlan;
  /** Against a store that answers at once. */
  readonly atOnce: RoundsPlan;
  readonly fromMemory: RoundsPlan;
  readonly starts: number;
}

export const FULL: Plan = {
  withRead: { rounds: 40, requests: 100, warmUpRequests: 2_500, timeEach: true },
  atOnce: { rounds: 40, requests: 400, warmUpRequests: 10_000, timeEach: true },
  fromMemory: { rounds: 40, requests: 1_000, warmUpRequests: 8_000, timeEach: false },
  starts: 60,
};

/** For trying the benchmark itself: its figures say little. */
export const QUICK: Plan = {
  withRead: { rounds: 4, requests: 50, warmUpRequests: 200, timeEach: true },
  atOnce: { rounds: 4, requests: 200, warmUpRequests: 1_000, timeEach: true },
  fromMemory: { rounds: 4, requests: 500, warmUpRequests: 2_000, timeEach: false },
  starts: 5,
};
