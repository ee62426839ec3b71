/** Moments as a mail tells them: by the clock of its reader, and in UTC. */

/** Date, time, and the zone's name; to the minute that has begun. */
export interface Moments {
  /** `Thursday 26 November 2026, 15:00 CET (14:00 UTC)`. */
  full(atMs: number): string;
  /** `26 Nov 2026, 15:00 CET (14:00 UTC)`. */
  short(atMs: number): string;
  /** For a subject: `26 Nov, 15:00 CET`. */
  brief(atMs: number): string;
}

const UTC = 'UTC';
/** A time stays on one line with its zone. */
const NO_BREAK = '\u00a0';

/** The hour with two digits, but where a day has twelve: `9:05 AM`. */
const hoursIn = (dates: string): Intl.DateTimeFormatOptions => {
  const { hour12 } = new Intl.DateTimeFormat(dates, { hour: 'numeric' }).resolvedOptions();
  return { hour: hour12 ? 'numeric' : '2-digit', minute: '2-digit' };
};

/** The first of a month is an ordinal in French, which the locale data does not know. */
const ordinal = (dates: string, date: string): string =>
  dates.startsWith('fr') ? date.replace(/(?<!\d)1(?= \p{L})/u, '1er') : date;

/** @param dates tag of the locale that dates are written in */
export function momentsIn(dates: string, timeZone: string): Moments {
  const formatted = (options: Intl.DateTimeFormatOptions, zone: string) => {
    const format = new Intl.DateTimeFormat(dates, { ...options, timeZone: zone });
    return (atMs: number) => ordinal(dates, format.format(atMs).replace(/[\u202f\u00a0]/g, ' '));
  };
  const timed = (options: Intl.DateTimeFormatOptions, zone: string) => {
    const clock = formatted(options, zone);
    return (atMs: number) => clock(atMs).replaceAll(' ', NO_BREAK);
  };
  const hours = hoursIn(dates);
  const time = timed({ ...hours, ...(timeZone === UTC ? {} : { timeZoneName: 'short' }) }, timeZone);
  const utcTime = timed(hours, UTC);
  const told = (date: Intl.DateTimeFormatOptions) => {
    const [local, utc] = [formatted(date, timeZone), formatted(date, UTC)];
    return (atMs: number): string => {
      const own = `${local(atMs)}, ${time(atMs)}`;
      if (timeZone === UTC) return `${own}${NO_BREAK}${UTC}`;
      const sameDay = local(atMs) === utc(atMs);
      return `${own} (${sameDay ? '' : `${utc(atMs)}, `}${utcTime(atMs)}${NO_BREAK}${UTC})`;
    };
  };
  const day = formatted({ day: 'numeric', month: 'short' }, timeZone);
  return {
    full: told({ dateStyle: 'full' }),
    short: told({ dateStyle: 'medium' }),
    brief: (atMs) => `${day(atMs)}, ${time(atMs)}${timeZone === UTC ? `${NO_BREAK}${UTC}` : ''}`,
  };
}
