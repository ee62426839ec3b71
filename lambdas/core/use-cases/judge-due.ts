/** What a sweep does with a key that is due, and why. */
import type { KeyRecord } from '../domain/key-record.ts';

export type DueVerdict = 'start' | 'exempt' | 'disabled' | 'revoked' | 'rotating' | 'not-due';

/** @param record as it stands now: the index that named it may lag behind */
export function judgeDue(record: KeyRecord | undefined, nowMs: number): DueVerdict {
  if (!record || record.dueAtMs > nowMs) return 'not-due';
  if (record.status !== 'enabled') return record.status;
  if (record.rotation) return 'rotating';
  return record.exemption && record.exemption.untilMs > nowMs ? 'exempt' : 'start';
}
