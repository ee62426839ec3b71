/** Heads of many chains, in the order of a digest's list. Memory in proportion to chains. */
import type { AuditHead } from '../key-record.ts';
import { type ChainHead, type HeadsFacts, headsFacts } from './chain-head.ts';

export class ChainEnds {
  readonly #heads = new Map<string, AuditHead>();
  #order: string[] = [];
  #ordered = true;

  get size(): number {
    return this.#heads.size;
  }

  get(chain: string): AuditHead | undefined {
    return this.#heads.get(chain);
  }

  set(chain: string, { sequence, hash }: AuditHead): void {
    if (!this.#heads.has(chain)) {
      this.#order.push(chain);
      this.#ordered = false;
    }
    this.#heads.set(chain, { sequence, hash });
  }

  /** Sorted by chain. */
  *sorted(): Generator<ChainHead> {
    if (!this.#ordered) this.#order.sort((one, other) => (one < other ? -1 : 1));
    this.#ordered = true;
    for (const chain of this.#order) yield { chain, ...(this.#heads.get(chain) as AuditHead) };
  }

  facts(): HeadsFacts {
    return headsFacts(this.sorted());
  }
}
