/** A time to come, as people give it: a point in ISO 8601 UTC, or a duration from now. */
import { type Checked, refused } from './checked.ts';
import { parseDurationSeconds } from './duration.ts';

const POINT = /^\d{4}-\d{2}-\d{2}(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?Z)?$/;
const MEND =
  'Write a time in ISO 8601 UTC such as 2027-01-31 or 2027-01-31T18:00Z, or a duration such as P30D.';

/**
 * @param what the field's name, for the error
 * @returns milliseconds since 1970 UTC; a day alone is its first moment
 */
export function parseFutureTime(text: string, what: string, nowMs: number): Checked<number> {
  const duration = parseDurationSeconds(text, what);
  if (duration.ok) return { ok: true, value: nowMs + duration.value * 1000 };
  const atMs = POINT.test(text) ? Date.parse(text) : Number.NaN;
  // A day that the month does not have is read as one of the next month.
  const exists = !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text.slice(0, 10));
  return exists ? { ok: true, value: atMs } : refused(`${what} '${text}' is no time.`, MEND);
}
