/** When a rotation stands still that should have gone on. One rule for lists, views, metrics and the alarm. */
import { MINUTE_MS } from '../../../rules/time-units.ts';
import type { Rotation } from './key-record.ts';

/** Longer than a step takes with its retries, and than a judgement may be late. */
export const STUCK_AFTER_MS = 15 * MINUTE_MS;
/** An emergency refuses a leaked key: it is looked at sooner. */
export const EMERGENCY_STUCK_AFTER_MS = 5 * MINUTE_MS;

/**
 * @returns since when it stands still: since its start while no new version is accepted, since the end of its grace
 *   period while that is not judged. Undefined while it may still go on by itself, and once it has ended
 */
export function stuckSinceMs(rotation: Rotation, nowMs: number): number | undefined {
  if (rotation.endedAtMs !== undefined) return undefined;
  const sinceMs = rotation.gracePeriodEndsAtMs ?? rotation.startedAtMs;
  const allowedMs = rotation.purpose === 'emergency' ? EMERGENCY_STUCK_AFTER_MS : STUCK_AFTER_MS;
  return nowMs - sinceMs > allowedMs ? sinceMs : undefined;
}
