/** Due keys by the memory table itself: an index that never lags. */
import type { DueKey, DueKeys } from '../../lambdas/core/ports/due-keys.ts';
import type { MemoryTable } from './memory-table.ts';

export class MemoryDueKeys implements DueKeys {
  readonly #table: MemoryTable;

  constructor(table: MemoryTable) {
    this.#table = table;
  }

  async dueBy(atMs: number): Promise<readonly DueKey[]> {
    await this.#table.turn();
    return [...this.#table.keys.values()].filter(
      ({ status, dueAtMs }) => status === 'enabled' && dueAtMs <= atMs,
    );
  }
}
