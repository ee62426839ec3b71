/**
 * One attempt of the authorizer's read is given up after this long, and a consistent read is no older than its own
 * duration: the second part of the revocation bound, after the time that a key may be answered from memory.
 */
export const READ_ATTEMPT_MS = 1_000;

/** Of each of the authorizer's calls, reads and writes: together they stay well inside the function's time-out. */
export const CALL_ATTEMPTS = 3;
