/** How long a new key waits for its owner. */

/** An unclaimed key is destroyed after this long; the old version is not taken meanwhile. */
export const SEAL_LIFETIME_DAYS = 14;
export const SEAL_LIFETIME_SECONDS = SEAL_LIFETIME_DAYS * 86_400;
