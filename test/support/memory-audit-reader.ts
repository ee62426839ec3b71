/** Events on record in memory, of keys and of other chains. */
import { type AuditEvent, KEY_CHAIN_PREFIX } from '../../lambdas/core/domain/audit-event.ts';
import { isAskedFor } from '../../lambdas/core/domain/audit-filter.ts';
import type { AuditPage, AuditQuery, AuditReader } from '../../lambdas/core/ports/audit-reader.ts';
import type { MemoryTable } from './memory-table.ts';

const TOKEN = /^skip-(\d+)-of-(.*)$/;

export class MemoryAuditReader implements AuditReader {
  readonly #table: MemoryTable;

  constructor(table: MemoryTable) {
    this.#table = table;
  }

  async events(query: AuditQuery): Promise<AuditPage | 'bad-token'> {
    await this.#table.turn();
    const of = [query.chain, query.owner, query.kind, query.actor, query.order].join();
    const [, skipped = '0', asked = of] =
      query.nextToken === undefined ? [] : (TOKEN.exec(query.nextToken) ?? ['', '', '']);
    if (asked !== of) return 'bad-token';
    const all = this.#all()
      .filter((event) => isAskedFor(event, query))
      .sort(query.chain === undefined ? byTime : bySequence);
    if (query.order === 'latest') all.reverse();
    const end = Number(skipped) + query.limit;
    return {
      events: all.slice(Number(skipped), end),
      nextToken: end < all.length ? `skip-${end}-of-${of}` : null,
    };
  }

  async *chain(chain: string, fromSequence: number): AsyncGenerator<AuditEvent> {
    await this.#table.turn();
    const events = chain.startsWith(KEY_CHAIN_PREFIX)
      ? this.#table.events.get(chain.slice(KEY_CHAIN_PREFIX.length))
      : this.#table.chains.get(chain);
    yield* (events ?? []).filter(({ sequence }) => sequence >= fromSequence);
  }

  #all(): AuditEvent[] {
    return [...this.#table.events.values(), ...this.#table.chains.values()].flat();
  }
}

type Order = (left: AuditEvent, right: AuditEvent) => number;

const bySequence: Order = (left, right) => left.sequence - right.sequence;

const byTime: Order = (left, right) =>
  left.atMs - right.atMs || left.chain.localeCompare(right.chain) || bySequence(left, right);
