/** API Gateway in front of the authorizers: it keeps what they allowed for a while, unless it is told to forget. */
import type { AuthorizerCaches } from '../../lambdas/core/ports/ambient.ts';
import { isBefore } from './books.ts';
import type { Moment } from './moment.ts';

export class Gateway implements AuthorizerCaches {
  readonly #kept = new Map<string, Moment>();
  readonly #cacheMs: number;
  readonly #now: () => Moment;
  #emptied: Moment | undefined;

  /** @param cacheSeconds 0 keeps nothing */
  constructor(cacheSeconds: number, now: () => Moment) {
    this.#cacheMs = cacheSeconds * 1000;
    this.#now = now;
  }

  async flush(): Promise<void> {
    this.#kept.clear();
    this.#emptied = this.#now();
  }

  /** Whether it allows this without asking. */
  allows(presented: string): boolean {
    const kept = this.#kept.get(presented);
    return kept !== undefined && this.#now().atMs < kept.atMs + this.#cacheMs;
  }

  /**
   * An authorizer allowed it. An answer that was on its way when the cache was emptied is not kept here. Whether the
   * service keeps it is not known, and nothing that a refusal could do would change it.
   */
  keep(presented: string, asked: Moment): void {
    if (this.#cacheMs > 0 && !(this.#emptied && isBefore(asked, this.#emptied))) {
      this.#kept.set(presented, this.#now());
    }
  }
}
