/** How far each chain has been read. Memory in proportion to chains. */

import type { EventRecord } from '../../lambdas/core/domain/audit-proof/audit-record.ts';
import type { ChainEventsInput } from '../../lambdas/functions/admin/audit-proof-contract.ts';
import type { AdminClient } from '../admin-client.ts';

/** As many as one question takes. */
export const CHAINS_AT_ONCE = 200;

type Want = ChainEventsInput['wants'][number];

export class ChainPlaces {
  readonly #admin: AdminClient;
  readonly #places = new Map<string, number>();

  constructor(admin: AdminClient) {
    this.#admin = admin;
  }

  get chains(): readonly string[] {
    return [...this.#places.keys()];
  }

  of(chain: string): number {
    return this.#places.get(chain) ?? 0;
  }

  set(chain: string, sequence: number): void {
    this.#places.set(chain, sequence);
  }

  /** The events behind those that were read, up to `upTo` of each chain or to its end. */
  async *read(
    chains: readonly { readonly chain: string; readonly upTo?: number }[],
  ): AsyncGenerator<EventRecord> {
    for (let start = 0; start < chains.length; start += CHAINS_AT_ONCE) {
      let wants = chains.slice(start, start + CHAINS_AT_ONCE).map((each) => this.#want(each));
      while (wants.length > 0) {
        const { events, answered } = await this.#admin.call('audit-chain-events', { wants });
        for (const { chain, event } of events) {
          this.#advance(chain, event);
          yield { type: 'event', chain, event };
        }
        for (const { chain, upTo } of wants.slice(0, answered)) if (upTo !== undefined) this.set(chain, upTo);
        wants = wants.slice(answered).map((each) => this.#want(each));
      }
    }
  }

  #want({ chain, upTo }: { readonly chain: string; readonly upTo?: number }): Want {
    return { chain, after: this.of(chain), ...(upTo === undefined ? {} : { upTo }) };
  }

  /** Whatever stands there, the next question is for what lies behind it. */
  #advance(chain: string, event: unknown): void {
    const { sequence } = (event ?? {}) as { readonly sequence?: unknown };
    const next = this.of(chain) + 1;
    this.set(chain, Number.isSafeInteger(sequence) ? Math.max(next, Number(sequence)) : next);
  }
}
