/** Settings of addresses in memory, each change with its event. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { OwnerRecord } from '../../lambdas/core/domain/owner-settings.ts';
import type { OwnerSettingsStore } from '../../lambdas/core/ports/owner-settings.ts';
import { addressKey } from '../../rules/mail-address.ts';
import { frozen } from './frozen.ts';
import type { MemoryTable } from './memory-table.ts';

export class MemoryOwnerSettings implements OwnerSettingsStore {
  readonly #table: MemoryTable;
  readonly #records = new Map<string, OwnerRecord>();

  constructor(table: MemoryTable) {
    this.#table = table;
  }

  async find(address: string): Promise<OwnerRecord | undefined> {
    await this.#table.turn();
    return this.#records.get(addressKey(address));
  }

  async save(after: OwnerRecord, event: AuditEvent): Promise<'saved' | 'stale'> {
    await this.#table.turn();
    const at = addressKey(after.address);
    const events = this.#table.chains.get(event.chain) ?? [];
    const isStale = (this.#records.get(at)?.revision ?? 0) !== after.revision - 1;
    if (isStale || events.some(({ sequence }) => sequence === event.sequence)) return 'stale';
    this.#records.set(at, frozen(after));
    this.#table.chains.set(event.chain, [...events, frozen(event)]);
    return 'saved';
  }
}
