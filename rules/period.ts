/** A period of what has happened, as people give it: whole days, points in time, or durations back from now. */
import { type Checked, refused } from './checked.ts';
import { parseDurationSeconds } from './duration.ts';
import { DAY_MS } from './time-units.ts';

export interface Period {
  /** The first moment that belongs to it; absent: from the beginning. */
  readonly fromMs?: number;
  /** The first moment that belongs to it no more; absent: until now, and whatever comes meanwhile. */
  readonly toMs?: number;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const POINT = /^\d{4}-\d{2}-\d{2}(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?Z)?$/;
const MEND =
  'Write a day such as 2026-11-01, a time in ISO 8601 UTC such as 2026-11-01T18:00Z, or a duration back from now such as P7D.';

/** What its ends are called where they are given. */
export interface PeriodNames {
  readonly from: string;
  readonly to: string;
}

/** Of options of a command. */
export const PERIOD_OPTIONS: PeriodNames = { from: '--from', to: '--to' };

/** @param input `from`, `to`: both may be absent. A day as `to` belongs to the period until its end */
export function parsePeriod(
  { from, to }: { readonly from?: unknown; readonly to?: unknown },
  nowMs: number,
  names: PeriodNames = { from: 'from', to: 'to' },
): Checked<Period> {
  const start = parsePastTime(from, names.from, nowMs, 0);
  if (!start.ok) return start;
  const end = parsePastTime(to, names.to, nowMs, DAY_MS);
  if (!end.ok) return end;
  const [fromMs, toMs] = [start.value, end.value];
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    return refused(
      `The period from '${String(from)}' to '${String(to)}' has no time in it.`,
      `Give the earlier time as ${names.from} and the later one as ${names.to}.`,
    );
  }
  return {
    ok: true,
    value: { ...(fromMs === undefined ? {} : { fromMs }), ...(toMs === undefined ? {} : { toMs }) },
  };
}

/** @param dayMs of a day given alone, which moment of it is meant: counted from its first */
function parsePastTime(
  given: unknown,
  what: string,
  nowMs: number,
  dayMs: number,
): Checked<number | undefined> {
  if (given === undefined) return { ok: true, value: undefined };
  const text = typeof given === 'string' ? given : '';
  const duration = parseDurationSeconds(text, what);
  const atMs = duration.ok
    ? nowMs - duration.value * 1000
    : POINT.test(text)
      ? Date.parse(text) + (DAY.test(text) ? dayMs : 0)
      : Number.NaN;
  return isTime(atMs) && (duration.ok || isOfCalendar(text))
    ? { ok: true, value: atMs }
    : refused(`${what} '${String(given)}' is no time.`, MEND);
}

const LAST_YEAR = Date.UTC(9999, 11, 31);

/** Such as are written with four digits of a year. */
const isTime = (atMs: number): boolean => atMs >= 0 && atMs <= LAST_YEAR;

/** A day that the month does not have is read as one of the next month. */
const isOfCalendar = (text: string): boolean =>
  new Date(Date.parse(text)).toISOString().startsWith(text.slice(0, 10));
