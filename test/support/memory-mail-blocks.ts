/** Addresses that mail comes back from, in memory. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { MailBlock } from '../../lambdas/core/domain/mail-block.ts';
import type { MailBlocks } from '../../lambdas/core/ports/mail-blocks.ts';
import { addressKey } from '../../rules/mail-address.ts';
import { frozen } from './frozen.ts';
import { MemoryTable } from './memory-table.ts';

export class MemoryMailBlocks implements MailBlocks {
  readonly #blocks = new Map<string, MailBlock>();
  readonly #cleared = new Map<string, number>();
  readonly #table: MemoryTable;

  /** @param table that has the chains of events */
  constructor(table = new MemoryTable()) {
    this.#table = table;
  }

  async find(address: string, nowMs: number): Promise<MailBlock | undefined> {
    const block = this.#blocks.get(addressKey(address));
    return block && nowMs < (block.untilMs ?? Number.POSITIVE_INFINITY) ? block : undefined;
  }

  async block(block: MailBlock, mailedAtMs: number): Promise<'blocked' | 'known'> {
    const name = addressKey(block.address);
    const there = this.#blocks.get(name);
    const isWorse = block.state === 'complained' && there?.state === 'bounced';
    const isNewer = there !== undefined && block.state === there.state && block.sinceMs > there.sinceMs;
    const isOfNow = mailedAtMs > (this.#cleared.get(name) ?? Number.NEGATIVE_INFINITY);
    if (!isOfNow || (there && !isWorse && !isNewer)) return 'known';
    this.#blocks.set(name, frozen(block));
    return 'blocked';
  }

  async delivered(address: string, mailedAtMs: number): Promise<void> {
    const there = this.#blocks.get(addressKey(address));
    if (there?.state === 'bounced' && there.sinceMs < mailedAtMs) this.#clear(address, mailedAtMs);
  }

  async lift(seen: MailBlock, atMs: number, event: AuditEvent): Promise<'lifted' | 'stale'> {
    await this.#table.turn();
    const there = this.#blocks.get(addressKey(seen.address));
    if (there?.state !== seen.state || there.sinceMs !== seen.sinceMs) return 'stale';
    const events = this.#table.chains.get(event.chain) ?? [];
    if (events.some(({ sequence }) => sequence === event.sequence)) return 'stale';
    this.#table.commit(() => {
      this.#clear(seen.address, atMs);
      this.#table.chains.set(event.chain, [...events, frozen(event)]);
    });
    return 'lifted';
  }

  #clear(address: string, atMs: number): void {
    this.#blocks.delete(addressKey(address));
    this.#cleared.set(addressKey(address), atMs);
  }
}
