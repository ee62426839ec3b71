/** When a key that is due counts as overdue. */

/** The sweep comes once a day and may take an hour: what is due for longer was not rotated by it. */
export const OVERDUE_MS = 25 * 3_600_000;
