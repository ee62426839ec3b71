/** Chains of events in memory: one event of a sequence holds. */
import { type AuditEvent, CHAIN_START } from '../../lambdas/core/domain/audit-event.ts';
import type { AuditHead } from '../../lambdas/core/domain/key-record.ts';
import type { AuditChains } from '../../lambdas/core/ports/audit-chains.ts';
import type { NoticeMove } from '../../lambdas/core/ports/notices.ts';
import { frozen } from './frozen.ts';
import { moveNotices, stands } from './memory-moves.ts';
import type { MemoryTable } from './memory-table.ts';

export class MemoryAuditChains implements AuditChains {
  readonly #table: MemoryTable;

  constructor(table: MemoryTable) {
    this.#table = table;
  }

  async head(chain: string): Promise<AuditHead> {
    await this.#table.turn();
    const last = this.#table.chains.get(chain)?.at(-1);
    return last ? { sequence: last.sequence, hash: last.hash } : CHAIN_START;
  }

  async append(event: AuditEvent, moves: readonly NoticeMove[] = []): Promise<'appended' | 'stale'> {
    await this.#table.turn();
    const events = this.#table.chains.get(event.chain) ?? [];
    if (events.some(({ sequence }) => sequence === event.sequence)) return 'stale';
    if (!moves.every((move) => stands(this.#table, move))) return 'stale';
    this.#table.commit(() => {
      this.#table.chains.set(event.chain, [...events, frozen(event)]);
      moveNotices(this.#table, moves);
    });
    return 'appended';
  }
}
