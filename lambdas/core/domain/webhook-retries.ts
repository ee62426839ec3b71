/** When a webhook's receiver is called again: over a little more than a day, each pause longer than the one before. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** After the first try, the second and so on. */
export const WEBHOOK_PAUSES_MS: readonly number[] = [
  5 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  8 * HOUR_MS,
  10 * HOUR_MS,
];

/** At most so much longer, by chance: what failed together is not tried again together. */
const JITTER = 0.1;

/**
 * @param attempt the one that failed, from 1
 * @param random from 0 up to 1
 * @returns the pause before the next, or undefined when that was the last
 */
export function webhookPauseMs(attempt: number, random: number): number | undefined {
  const pauseMs = WEBHOOK_PAUSES_MS[attempt - 1];
  return pauseMs === undefined ? undefined : Math.round(pauseMs * (1 + JITTER * random));
}

/** A webhook that nothing reached for so long is disabled when an event is given up. */
export const WEBHOOK_FAILING_MS = 24 * HOUR_MS;
/** However long a receiver asks to be left alone. */
export const LONGEST_WEBHOOK_PAUSE_MS = 24 * HOUR_MS;
