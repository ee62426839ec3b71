/** Counters of wrong keys in memory: what the authorizer writes and the watch tells. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import {
  mergeTallies,
  sourceName,
  type WrongKeyCount,
  type WrongKeySource,
} from '../../lambdas/core/domain/wrong-key.ts';
import type { RetiredUse, WrongKeyWriter } from '../../lambdas/core/ports/authorization.ts';
import type { WrongKeyLedger } from '../../lambdas/core/ports/wrong-keys.ts';
import { MemoryAuditChains } from './memory-audit-chains.ts';
import type { MemoryTable } from './memory-table.ts';

export class MemoryWrongKeys implements WrongKeyWriter, WrongKeyLedger {
  readonly #chains: MemoryAuditChains;
  readonly #counts = new Map<number, Map<string, WrongKeyCount>>();
  readonly #told = new Set<string>();
  /** First uses of retired versions, as they were noted, by window. */
  readonly retiredUses = new Map<string, RetiredUse & { readonly windowMs: number }>();
  #toldUntilMs: number | undefined;
  /** Windows that were looked at, in their order. */
  readonly looked: number[] = [];
  /** Writes of any kind. */
  writes = 0;
  /** While set, every write fails with it. */
  failure: Error | undefined;

  constructor(table: MemoryTable) {
    this.#chains = new MemoryAuditChains(table);
  }

  async addWrong(windowMs: number, count: WrongKeyCount): Promise<void> {
    this.#write();
    const window = this.#counts.get(windowMs) ?? new Map<string, WrongKeyCount>();
    this.#counts.set(windowMs, window);
    const name = sourceName(count.source);
    const before = window.get(name);
    window.set(name, before ? { ...mergeTallies(before, count), source: count.source } : count);
  }

  async noteRetiredUse(windowMs: number, use: RetiredUse): Promise<void> {
    this.#write();
    const name = `${windowMs}/${use.keyId}/${use.version}`;
    if (!this.retiredUses.has(name)) this.retiredUses.set(name, { ...use, windowMs });
  }

  async untold(windowMs: number): Promise<readonly WrongKeyCount[]> {
    this.looked.push(windowMs);
    const isTold = (source: WrongKeySource) => this.#told.has(`${windowMs}/${sourceName(source)}`);
    const counts = [...(this.#counts.get(windowMs)?.values() ?? [])].filter(({ source }) => !isTold(source));
    return isTold({ kind: 'others' }) ? counts.filter(({ source }) => source.kind === 'key') : counts;
  }

  async tell(
    windowMs: number,
    source: WrongKeySource,
    event: AuditEvent,
  ): Promise<'told' | 'stale' | 'known'> {
    this.#write();
    const name = `${windowMs}/${sourceName(source)}`;
    if (this.#told.has(name)) return 'known';
    if ((await this.#chains.append(event)) === 'stale') return 'stale';
    this.#told.add(name);
    return 'told';
  }

  async toldUntil(): Promise<number | undefined> {
    return this.#toldUntilMs;
  }

  async noteToldUntil(untilMs: number): Promise<void> {
    this.#write();
    this.#toldUntilMs = untilMs;
  }

  async note(windowMs: number, source: WrongKeySource): Promise<void> {
    this.#write();
    this.#told.add(`${windowMs}/${sourceName(source)}`);
  }

  #write(): void {
    if (this.failure) throw this.failure;
    this.writes += 1;
  }
}
