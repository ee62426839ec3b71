/** Chains of events that no key's change carries. */
import type { AuditEvent, Chain } from '../domain/audit-event.ts';
import type { AuditHead } from '../domain/key-record.ts';

export interface AuditChains {
  /** Read consistently. */
  head(chain: Chain['chain']): Promise<AuditHead>;
  /** `stale`: another event took its place in the chain, and nothing was written. */
  append(event: AuditEvent): Promise<'appended' | 'stale'>;
}
