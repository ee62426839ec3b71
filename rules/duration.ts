/** ISO 8601 durations of fixed length: weeks, days, hours, minutes, seconds. Months and years have none. */
import { type Checked, refused } from './checked.ts';

const DURATION = /^P(?:(\d{1,4})W|(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?)$/;

/**
 * @param what the setting's name, for the error
 * @returns whole seconds
 */
export function parseDurationSeconds(text: string, what: string): Checked<number> {
  const match = DURATION.exec(text);
  if (!match || text.endsWith('T') || text === 'P') {
    return refused(
      `${what} '${text}' is not an ISO 8601 duration.`,
      'Write whole weeks, days, hours, minutes or seconds, such as PT72H, P90D or PT20S.',
    );
  }
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { ok: true, value: (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds };
}
