/** Where every chain stands: by its events, and by the last digest. Memory in proportion to chains, not to events. */
import { type AuditEvent, CHAIN_START } from '../audit-event.ts';
import {
  type AuditBreak,
  type ChainBreak,
  type ChainBreakKind,
  chainBreak,
  digestBreak,
} from './audit-break.ts';
import { ChainEnds } from './chain-ends.ts';
import type { ChainHead } from './chain-head.ts';
import { compareHeads } from './compare-heads.ts';
import type { Digest } from './digest.ts';
import { type Followed, followEvent } from './follow-event.ts';

export class ChainStanding {
  readonly #seen = new ChainEnds();
  readonly #signed = new ChainEnds();
  /** Heads that the next digest is said to have moved, and chains that have events since the last one. */
  #moved: ChainHead[] = [];
  readonly #grown = new Set<string>();

  /** Chains that are there at all. */
  get chains(): number {
    return this.#seen.size;
  }

  /** Chains with events since the last digest. */
  get grown(): number {
    return this.#grown.size;
  }

  /** Heads of a digest that has not come yet. */
  get moved(): number {
    return this.#moved.length;
  }

  /** A head of the digest to start from. */
  anchor(head: ChainHead): void {
    this.#signed.set(head.chain, head);
    this.#seen.set(head.chain, head);
  }

  follow(chain: string, event: unknown): Followed {
    const followed = followEvent(chain, this.#seen.get(chain) ?? CHAIN_START, event);
    if (followed.outcome === 'follows') {
      this.#seen.set(chain, followed.head);
      this.#grown.add(chain);
    }
    return followed;
  }

  /** A head that the next digest is said to have moved. */
  move(head: ChainHead): void {
    this.#moved.push(head);
  }

  /** All events that the digest covers have come, and so have its heads: whether they are what it signs. */
  underDigest(digest: Digest): AuditBreak | undefined {
    const knownBy = `the digest of ${digest.date}`;
    for (const head of this.#moved) {
      const differs = this.compare(head, knownBy, 'not-in-digest');
      if (differs) return differs;
      this.#signed.set(head.chain, head);
    }
    const unknown = this.#notIn(knownBy);
    if (unknown) return unknown;
    this.#moved = [];
    this.#grown.clear();
    return this.asSigned(digest);
  }

  /** Whether the list of all heads is the one that the digest signs. */
  asSigned(digest: Digest): AuditBreak | undefined {
    const { chains, events, headsSha256 } = this.#signed.facts();
    if (chains === digest.chains && events === digest.events && headsSha256 === digest.headsSha256)
      return undefined;
    return digestBreak(
      'heads-differ',
      digest.date,
      `the heads of its chains are not those that it signs: it has ${digest.chains} chains with ${digest.events} events, here are ${chains} with ${events}`,
    );
  }

  /** @param beyond what it is when the chain goes on after this head */
  compare(head: ChainHead, knownBy: string, beyond: ChainBreakKind): ChainBreak | undefined {
    return compareHeads(this.#seen.get(head.chain) ?? CHAIN_START, head, knownBy, beyond);
  }

  /** The first chain that is not among these. */
  firstBut(known: ReadonlySet<string>): ChainBreak | undefined {
    for (const { chain, sequence } of this.#seen.sorted()) {
      if (!known.has(chain)) return chainBreak('key-gone', chain, sequence);
    }
    return undefined;
  }

  #notIn(knownBy: string): ChainBreak | undefined {
    for (const chain of this.#grown) {
      const { sequence: signed } = this.#signed.get(chain) ?? CHAIN_START;
      const { sequence: seen } = this.#seen.get(chain) ?? CHAIN_START;
      if (seen > signed)
        return chainBreak('not-in-digest', chain, signed + 1, { lastSequence: signed, knownBy });
    }
    return undefined;
  }
}

/** What stands at a place of a chain that was not reached, and closes the gap if it comes later. */
export const isEventAt = (found: unknown, sequence: number): boolean =>
  (found as Partial<AuditEvent> | null)?.sequence === sequence;
