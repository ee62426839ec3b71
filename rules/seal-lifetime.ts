/** How long a new key waits for its owner. */
import { DAY_SECONDS } from './time-units.ts';

/** An unclaimed key is destroyed after this long; the old version is not taken meanwhile. */
export const SEAL_LIFETIME_DAYS = 14;
export const SEAL_LIFETIME_SECONDS = SEAL_LIFETIME_DAYS * DAY_SECONDS;
