/** Addresses that mail comes back from, in memory. */
import type { MailBlock } from '../../lambdas/core/domain/mail-block.ts';
import type { MailBlocks } from '../../lambdas/core/ports/mail-blocks.ts';
import { addressKey } from '../../rules/mail-address.ts';
import { frozen } from './frozen.ts';

export class MemoryMailBlocks implements MailBlocks {
  readonly #blocks = new Map<string, MailBlock>();
  readonly #cleared = new Map<string, number>();

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
    if (there?.state === 'bounced' && there.sinceMs < mailedAtMs) await this.lift(address, mailedAtMs);
  }

  async lift(address: string, atMs: number): Promise<'lifted' | 'not-blocked'> {
    const name = addressKey(address);
    if (!this.#blocks.delete(name)) return 'not-blocked';
    this.#cleared.set(name, atMs);
    return 'lifted';
  }
}
