/** When requests with wrong keys are counted and told. */
import { DAY_SECONDS, HOUR_SECONDS } from './time-units.ts';

/** Counts wait in an authorizer's memory for so long. */
export const WRONG_KEYS_WAIT_SECONDS = 30;
/** A window is told so long after its end: writes into it have come by then, whatever the clocks say. */
export const WRONG_KEYS_LAG_SECONDS = 15;

/** Windows are looked at again for so long after their end, for what is written into them late. */
export const WRONG_KEYS_LOOK_BACK_SECONDS = HOUR_SECONDS;
/** What nobody has told for so long, since nothing ran, is not told any more. */
export const WRONG_KEYS_MADE_UP_SECONDS = 1.5 * DAY_SECONDS;
/** Counters, and that they are told, are kept for longer: none of a window that is looked at has gone without the other. */
export const WRONG_KEYS_KEPT_SECONDS = 2 * DAY_SECONDS;

/** Start of the window that a moment is in. */
export const windowStartMs = (atMs: number, windowSeconds: number): number =>
  atMs - (atMs % (windowSeconds * 1000));
