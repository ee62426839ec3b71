/** The period of a report: both ends known, over, and no longer than a report is good for. */
import type { Period } from '../../lambdas/core/domain/report/report.ts';
import { type Checked, refused } from '../../rules/checked.ts';
import { PERIOD_OPTIONS, parsePeriod } from '../../rules/period.ts';
import { DAY_MS } from '../../rules/time-units.ts';

export const LONGEST_DAYS = 1_096;

/** @param given `from` and `to` as in `keyturn audit`; without `to`, until now. A day that is not over ends now */
export function reportPeriod(
  given: { readonly from?: string; readonly to?: string },
  nowMs: number,
): Checked<Period> {
  const parsed = parsePeriod(given, nowMs, PERIOD_OPTIONS);
  if (!parsed.ok) return parsed;
  const { fromMs, toMs = nowMs } = parsed.value;
  if (fromMs === undefined) {
    return refused('--from is not given.', 'Give the first day of the period, such as --from 2026-11-01.');
  }
  if (fromMs >= nowMs) {
    return refused(`--from '${given.from}' is in the future.`, 'Give a period that has begun.');
  }
  if (toMs > nowMs + DAY_MS) {
    return refused(`--to '${given.to}' is in the future.`, 'Leave --to out for a report until now.');
  }
  const endMs = Math.min(toMs, nowMs);
  if (fromMs >= endMs) {
    return refused(`The period from '${given.from}' to now has no time in it.`, 'Give an earlier --from.');
  }
  if (endMs - fromMs > LONGEST_DAYS * DAY_MS) {
    return refused(
      `The period is ${Math.ceil((endMs - fromMs) / DAY_MS)} days long, more than ${LONGEST_DAYS}.`,
      'Make a report for each year.',
    );
  }
  return { ok: true, value: { fromMs, toMs: endMs } };
}
