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

/** @param dates tag of the locale that dates are written in */
export function momentsIn(dates: string, timeZone: string): Moments {
  const formatted = (options: Intl.DateTimeFormatOptions, zone: string) => {
    const format = new Intl.DateTimeFormat(dates, { ...options, timeZone: zone });
    return (atMs: number) => format.format(atMs).replace(/[\u202f\u00a0]/g, ' ');
  };
  const hours: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
  const time = formatted({ ...hours, ...(timeZone === UTC ? {} : { timeZoneName: 'short' }) }, timeZone);
  const utcTime = formatted(hours, UTC);
  const told = (date: Intl.DateTimeFormatOptions) => {
    const [local, utc] = [formatted(date, timeZone), formatted(date, UTC)];
    return (atMs: number): string => {
      const own = `${local(atMs)}, ${time(atMs)}`;
      if (timeZone === UTC) return `${own} ${UTC}`;
      const sameDay = local(atMs) === utc(atMs);
      return `${own} (${sameDay ? '' : `${utc(atMs)}, `}${utcTime(atMs)}\u00a0${UTC})`;
    };
  };
  const day = formatted({ day: 'numeric', month: 'short' }, timeZone);
  return {
    full: told({ dateStyle: 'full' }),
    short: told({ dateStyle: 'medium' }),
    brief: (atMs) => `${day(atMs)}, ${time(atMs)}${timeZone === UTC ? ` ${UTC}` : ''}`,
  };
}
