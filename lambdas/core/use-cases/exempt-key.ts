/** Exempts a key from scheduled rotation for a time, and ends that again. */
import { type Checked, refused } from '../../../rules/checked.ts';
import { parseFutureTime } from '../../../rules/future-time.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import type { Actor } from '../domain/audit-event.ts';
import type { Clock } from '../ports/ambient.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { changeKey, type Decision } from './change-key.ts';

export interface ExemptDeps {
  readonly store: KeyStore;
  readonly clock: Clock;
}

export type ExemptOutcome = 'changed' | 'unchanged' | 'unknown-key' | 'revoked';

interface By {
  readonly actor: Actor;
  readonly reason: string;
}

/** A leap year. An exemption without end would be a key without rotation. */
const LONGEST_MS = 366 * DAY_MS;

/** @returns until when, in milliseconds since 1970 UTC */
export function parseExemptUntil(until: unknown, nowMs: number): Checked<number> {
  if (typeof until !== 'string') {
    return refused(
      'until is not text.',
      'Say until when: a time such as 2027-01-31, or a duration such as P30D.',
    );
  }
  const at = parseFutureTime(until, 'until', nowMs);
  if (!at.ok) return at;
  if (at.value <= nowMs) return refused(`until '${until}' is past.`, 'Give a time to come.');
  if (at.value > nowMs + LONGEST_MS) {
    return refused(
      `until '${until}' is too far away.`,
      'Exempt a key for a year at most, and again if need be.',
    );
  }
  return at;
}

/** The sweep passes the key over until then. Rotations by hand and emergencies go on as ever. */
export function exemptKey(
  { store, clock }: ExemptDeps,
  keyId: string,
  untilMs: number,
  { actor, reason }: By,
): Promise<ExemptOutcome> {
  return changeKey(store, keyId, (record): Decision<ExemptOutcome> => {
    if (!record) return { result: 'unknown-key' };
    if (record.status === 'revoked') return { result: 'revoked' };
    const detail = { until: new Date(untilMs).toISOString() };
    return {
      result: 'changed',
      change: {
        after: { ...record, exemption: { reason, untilMs } },
        entry: { action: 'key.exempted', actor, atMs: clock(), reason, detail },
      },
    };
  });
}

/** The next sweep takes the key again, if it is due. */
export function endExemption(
  { store, clock }: ExemptDeps,
  keyId: string,
  { actor, reason }: By,
): Promise<ExemptOutcome> {
  return changeKey(store, keyId, (record): Decision<ExemptOutcome> => {
    if (!record) return { result: 'unknown-key' };
    const { exemption, ...after } = record;
    if (!exemption) return { result: 'unchanged' };
    const detail = { until: new Date(exemption.untilMs).toISOString() };
    return {
      result: 'changed',
      change: { after, entry: { action: 'key.unexempted', actor, atMs: clock(), reason, detail } },
    };
  });
}
