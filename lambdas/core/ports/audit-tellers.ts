/** Those who are told of every event that is on record, soon after it is. */
import type { AuditEvent } from '../domain/audit-event.ts';

export interface AuditTeller {
  /** Whom it tells, for logs. */
  readonly name: string;
  /**
   * Safe to repeat: an event may be told again, also long after it was. What it throws counts as none of them told.
   *
   * @returns those that could not be told, and are to be told again
   */
  tell(events: readonly AuditEvent[]): Promise<readonly AuditEvent[]>;
}
