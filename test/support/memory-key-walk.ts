/** A walk over the keys in memory, some at a time; it finds a key some time after it was issued. */
import type { Clock } from '../../lambdas/core/ports/ambient.ts';
import type { KeyWalk, WalkedKeys } from '../../lambdas/core/ports/pepper-rotation.ts';
import type { MemoryTable } from './memory-table.ts';

export class MemoryKeyWalk implements KeyWalk {
  readonly #table: MemoryTable;
  readonly #clock: Clock;
  pageSize = 2;
  /** How long after its issue the index has a key. */
  lagMs = 0;
  /** What passes while a page is read. */
  onPage: () => void = () => {};

  constructor(table: MemoryTable, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async *from(after: string | undefined): AsyncIterable<WalkedKeys> {
    let place = after;
    do {
      await this.#table.turn();
      this.onPage();
      const ids = [...this.#table.keys.values()]
        .filter(({ createdAtMs }) => createdAtMs <= this.#clock() - this.lagMs)
        .map(({ keyId }) => keyId)
        .sort();
      const left = place === undefined ? ids : ids.filter((id) => id > (place as string));
      const found = left.slice(0, this.pageSize);
      const records = found.flatMap((id) => this.#table.keys.get(id) ?? []);
      place = left.length > found.length ? found.at(-1) : undefined;
      yield { records, ...(place === undefined ? {} : { next: place }) };
    } while (place !== undefined);
  }
}
