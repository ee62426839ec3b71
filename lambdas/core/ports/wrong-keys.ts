/** Counters of wrong keys as they are told, and that they were. */
import type { AuditEvent } from '../domain/audit-event.ts';
import type { WrongKeyCount, WrongKeySource } from '../domain/wrong-key.ts';

export interface WrongKeyLedger {
  /** Of one window, each as a whole, without those that are told. Read consistently. */
  untold(windowMs: number): Promise<readonly WrongKeyCount[]>;
  /**
   * Puts the event on record and notes its source as told, both or neither. `stale`: another event took its place in the
   * chain; `known`: the source is told already. Nothing was written then.
   */
  tell(windowMs: number, source: WrongKeySource, event: AuditEvent): Promise<'told' | 'stale' | 'known'>;
  /** Up to when all windows are told, as it was noted last; undefined before that. */
  toldUntil(): Promise<number | undefined>;
  noteToldUntil(untilMs: number): Promise<void>;
  /** Notes a source as told whose event is on record already. */
  note(windowMs: number, source: WrongKeySource): Promise<void>;
}
