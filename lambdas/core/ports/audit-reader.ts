/** Events on record, for whoever asks what happened. */
import type { AuditEvent } from '../domain/audit-event.ts';
import type { AuditFilter } from '../domain/audit-filter.ts';

/** Of one chain in its own order; of several by their times. */
export type AuditOrder = 'oldest' | 'latest';

export interface AuditQuery extends AuditFilter {
  readonly order: AuditOrder;
  readonly limit: number;
  readonly nextToken?: string;
}

export interface AuditPage {
  /** At most `limit`; fewer, even none, where a page would take too long or grow too large. */
  readonly events: readonly AuditEvent[];
  /** Null: there are no more. */
  readonly nextToken: string | null;
}

export interface AuditReader {
  /**
   * Of one chain read consistently; anything else from an index, which may lag behind by moments. A token of another
   * question, or of nobody, is `bad-token`; the period alone may be another one.
   */
  events(query: AuditQuery): Promise<AuditPage | 'bad-token'>;
  /** A chain from this sequence on, oldest first, read consistently. */
  chain(chain: string, fromSequence: number): AsyncIterable<AuditEvent>;
}
