/** Refusals of pages and routes that anybody can reach. */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Every refusal is answered this long after the request came: one of them in an hour is written down for a key that can be
 * taken there, and how long that took would tell that there is one.
 */
const REFUSAL_MS = 250;

/** @returns the pause before a refusal of the request that has just come */
export function refusalPause(): () => Promise<void> {
  const refusableAtMs = Date.now() + REFUSAL_MS;
  return () => sleep(Math.max(0, refusableAtMs - Date.now()));
}
