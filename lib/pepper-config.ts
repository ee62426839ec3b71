/** How often the pepper is rotated without anybody asking for it. */
import { parseDurationSeconds } from '../rules/duration.ts';
import { DAY_SECONDS } from '../rules/time-units.ts';
import { InvalidConfiguration, refuseUnknownSettings, valid } from './invalid-configuration.ts';

export interface PepperConfig {
  /**
   * ISO 8601 duration in whole days, P30D to P1000D, after which Secrets Manager has the pepper rotated; `false` leaves it
   * to operators. Default: `P365D`.
   */
  readonly rotateEvery?: string | false;
}

const SHORTEST_DAYS = 30;
/** Secrets Manager plans no further ahead. */
const LONGEST_DAYS = 1_000;

/** @returns days; undefined: nothing is rotated by schedule */
export function resolvePepper(config: PepperConfig): number | undefined {
  refuseUnknownSettings('pepper', config, ['rotateEvery']);
  const { rotateEvery = 'P365D' } = config;
  if (rotateEvery === false) return undefined;
  const days = valid(parseDurationSeconds(rotateEvery, 'pepper.rotateEvery')) / DAY_SECONDS;
  if (Number.isInteger(days) && days >= SHORTEST_DAYS && days <= LONGEST_DAYS) return days;
  throw new InvalidConfiguration(
    `pepper.rotateEvery '${rotateEvery}' is not a number of days that is taken.`,
    `Give P${SHORTEST_DAYS}D to P${LONGEST_DAYS}D in whole days, or false for no schedule.`,
  );
}
