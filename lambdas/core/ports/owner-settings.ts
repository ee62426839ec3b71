/** Where the settings of addresses are. Every change of them is one conditional write that carries its audit event. */
import type { AuditEvent } from '../domain/audit-event.ts';
import type { OwnerRecord } from '../domain/owner-settings.ts';

export interface OwnerSettingsStore {
  /** Read consistently; however the address is written, it is the same. */
  find(address: string): Promise<OwnerRecord | undefined>;
  /**
   * Holds only while the revision before `after.revision` is the stored one, or nothing is.
   *
   * `stale`: another change came first and nothing was written.
   */
  save(after: OwnerRecord, event: AuditEvent): Promise<'saved' | 'stale'>;
}
