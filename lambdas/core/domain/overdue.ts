/** When a key that is due counts as overdue. */
import { HOUR_MS } from '../../../rules/time-units.ts';

/** The sweep comes once a day and may take an hour: what is due for longer was not rotated by it. */
export const OVERDUE_MS = 25 * HOUR_MS;
