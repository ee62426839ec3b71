/** Who tells of events on record, asked to do so once more. */
import type { AuditEvent } from '../domain/audit-event.ts';

export interface Publisher {
  /** @returns how many could not be told */
  again(events: readonly AuditEvent[]): Promise<number>;
}
