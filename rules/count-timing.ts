/** How long counts wait in an authorizer before they are on record. */
import { CALL_ATTEMPTS, READ_ATTEMPT_MS } from './read-timing.ts';

/** Counts of refused requests wait this long at least: a flood of them must not cost a write each. */
export const SHORTEST_REFUSAL_WAIT_SECONDS = 10;

/** A write's attempts, with pauses between them. */
const WRITE_SECONDS = CALL_ATTEMPTS * (READ_ATTEMPT_MS / 1000) + 2;

/** @param flushSeconds how long counts of uses wait. @returns after how long a minute's counts are surely on record */
export const countLagSeconds = (flushSeconds: number): number =>
  Math.max(flushSeconds, SHORTEST_REFUSAL_WAIT_SECONDS) + WRITE_SECONDS;
