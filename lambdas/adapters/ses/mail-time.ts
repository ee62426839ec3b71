const FORMAT = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** A moment as people write it, to the minute that has begun: `Monday 30 November 2026, 14:00 UTC`. */
export function mailTime(atMs: number): string {
  const parts = Object.fromEntries(FORMAT.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const { weekday, day, month, year, hour, minute } = parts;
  return `${weekday} ${day} ${month} ${year}, ${hour}:${minute} UTC`;
}
