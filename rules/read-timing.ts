/**
 * One attempt of the authorizer's read is given up after this long, and a consistent read is no older than its own
 * duration: the second part of the revocation bound, after the time that a key may be answered from memory.
 */
export const READ_ATTEMPT_MS = 1_000;
