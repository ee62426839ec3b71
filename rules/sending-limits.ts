/** How much a run of the outbox's sender has open. */

/** Notices that are sent at once, over all receivers; the threads that names are resolved in are counted by it. */
export const MOST_IN_ALL = 64;
