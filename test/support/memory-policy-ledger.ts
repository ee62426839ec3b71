/** The known policies in memory: one of a revision holds. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { KnownPolicies, PolicyChange } from '../../lambdas/core/domain/policy-events.ts';
import type { PolicyLedger } from '../../lambdas/core/ports/policy-ledger.ts';
import { frozen } from './frozen.ts';
import type { MemoryTable } from './memory-table.ts';

export class MemoryPolicyLedger implements PolicyLedger {
  readonly #table: MemoryTable;
  known: KnownPolicies | undefined;

  constructor(table: MemoryTable) {
    this.#table = table;
  }

  async read(): Promise<KnownPolicies | undefined> {
    await this.#table.turn();
    return this.known;
  }

  async write({ known, events }: PolicyChange): Promise<'written' | 'stale'> {
    await this.#table.turn();
    if ((this.known?.revision ?? 0) !== known.revision - 1) return 'stale';
    this.#table.commit(() => {
      this.known = frozen(known);
      for (const event of events) this.#append(event);
    });
    return 'written';
  }

  #append(event: AuditEvent): void {
    this.#table.chains.set(event.chain, [...(this.#table.chains.get(event.chain) ?? []), frozen(event)]);
  }
}
