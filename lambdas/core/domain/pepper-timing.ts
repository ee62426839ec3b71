/** How long everybody may go on with the peppers that they have read. */
import { HOUR_MS } from '../../../rules/time-units.ts';

/** A version that is not known makes one read in this time, not one a request. */
export const LOOK_AGAIN_AFTER_MS = 5_000;
/** A rotated pepper is the current one everywhere after this long at the latest. */
export const CURRENT_MAX_AGE_MS = 10_000;

/** For a write of the secret to be seen by every read of it. */
const SECRET_LAG_MS = 10_000;
/** The longest that a function runs on after it took a pepper for the current one: its time-out. */
export const LONGEST_RUN_MS = 30_000;
/** For a key that was just issued to be found by its index. */
const INDEX_LAG_MS = 20_000;

/**
 * A rotation by Secrets Manager that comes so soon after another one of the pepper, or is tried again so soon, is the same:
 * a second new pepper would protect from nothing.
 */
export const ONE_ROTATION_MS = HOUR_MS;

/** From adding a pepper to its first use: every authorizer that does not know it yet looks again and finds it. */
export const READERS_KNOW_AFTER_MS = LOOK_AGAIN_AFTER_MS + SECRET_LAG_MS;

/** From making another pepper the current one: nobody hashes under the one before, and every key that has it is found. */
export const WRITERS_SETTLE_AFTER_MS = CURRENT_MAX_AGE_MS + SECRET_LAG_MS + LONGEST_RUN_MS + INDEX_LAG_MS;
