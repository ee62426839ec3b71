/** `--from` and `--to` as they are given, checked before anything is asked: what is wrong with one is told by its name. */
import { PERIOD_OPTIONS, type Period, parsePeriod } from '../../rules/period.ts';
import { badUsage } from '../exit.ts';

interface Given {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** @throws CliError `usage` */
export function pastPeriod(given: Given, nowMs: number): Period {
  const period = parsePeriod(given, nowMs, PERIOD_OPTIONS);
  if (!period.ok) throw badUsage(period.message, period.hint);
  return period.value;
}
