/** Chains of events that no key's change carries. */
import type { AuditEvent, Chain } from '../domain/audit-event.ts';
import type { AuditHead } from '../domain/key-record.ts';
import type { NoticeMove } from './notices.ts';

export interface AuditChains {
  /** Read consistently. */
  head(chain: Chain['chain']): Promise<AuditHead>;
  /**
   * `stale`: another event took its place in the chain, or a notice stands otherwise, and nothing was written.
   *
   * @param moves of notices that it is about, in the same transaction
   */
  append(event: AuditEvent, moves?: readonly NoticeMove[]): Promise<'appended' | 'stale'>;
}
