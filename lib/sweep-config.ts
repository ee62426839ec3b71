/** How often due rotations are started, and how fast. */
import { InvalidConfiguration, refuseUnknownSettings } from './invalid-configuration.ts';

export interface SweepConfig {
  /** EventBridge Scheduler's `cron(…)` in UTC, or `rate(…)`. Default: `cron(0 3 * * ? *)`. */
  readonly schedule?: string;
  /** Rotations started in one second at most, 1 to 25. Default: 15. */
  readonly startsPerSecond?: number;
}

export interface ResolvedSweep {
  /** Absent: nothing is started by schedule. */
  readonly schedule: string | undefined;
  readonly startsPerSecond: number;
}

const STARTS_PER_SECOND = 15;
const EXPRESSION = /^(cron\(\S+( \S+){5}\)|rate\([1-9]\d* (minute|hour|day)s?\))$/;

export function resolveSweep(config: SweepConfig | false): ResolvedSweep {
  if (config === false) return { schedule: undefined, startsPerSecond: STARTS_PER_SECOND };
  refuseUnknownSettings('sweep', config, ['schedule', 'startsPerSecond']);
  const schedule = config.schedule ?? 'cron(0 3 * * ? *)';
  if (!EXPRESSION.test(schedule)) {
    throw new InvalidConfiguration(
      `sweep.schedule '${schedule}' is no schedule.`,
      'Write cron(0 3 * * ? *) or rate(12 hours), or sweep: false for none.',
    );
  }
  const startsPerSecond = config.startsPerSecond ?? STARTS_PER_SECOND;
  if (!Number.isInteger(startsPerSecond) || startsPerSecond < 1 || startsPerSecond > 25) {
    throw new InvalidConfiguration(
      `sweep.startsPerSecond '${startsPerSecond}' is out of range.`,
      'Give a whole number from 1 to 25.',
    );
  }
  return { schedule, startsPerSecond };
}
