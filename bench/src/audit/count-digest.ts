/** One day's digest over an audit of some size: how much of it is read. */
import type { AuditEvent } from '../../../lambdas/core/domain/audit-event.ts';
import { ChainEnds } from '../../../lambdas/core/domain/audit-proof/chain-ends.ts';
import type { ChainHead } from '../../../lambdas/core/domain/audit-proof/chain-head.ts';
import type { SignedDigest } from '../../../lambdas/core/domain/audit-proof/digest.ts';
import type {
  ChainRange,
  ChainReader,
  DigestStore,
  HeadsList,
} from '../../../lambdas/core/ports/audit-proof.ts';
import { takeDigest } from '../../../lambdas/core/use-cases/take-digest.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import { chainName, eventOf, signer } from './record.ts';
import type { AuditSize, TakenDigest } from './results.ts';

const START_MS = Date.parse('2026-10-01T00:10:00.000Z');

class CountedChains implements ChainReader {
  readonly #events = new Map<string, AuditEvent[]>();
  readonly ends = new ChainEnds();
  eventsRead = 0;
  chainsRead = 0;

  grow(chain: string, atMs: number): void {
    const event = eventOf(chain, this.ends, atMs);
    this.ends.set(chain, event);
    this.#events.set(chain, [...(this.#events.get(chain) ?? []), event]);
  }

  async *events(chain: string, { after }: ChainRange): AsyncGenerator<readonly AuditEvent[]> {
    const found = (this.#events.get(chain) ?? []).slice(after);
    this.chainsRead += 1;
    this.eventsRead += found.length;
    yield found;
  }

  async *chainsSince(fromMs: number): AsyncGenerator<readonly string[]> {
    for (const [chain, events] of this.#events) if ((events.at(-1)?.atMs ?? 0) >= fromMs) yield [chain];
  }

  async *allChains(): AsyncGenerator<readonly string[]> {
    yield [...this.#events.keys()];
  }

  async keyHeads(chains: readonly string[]): Promise<readonly ChainHead[]> {
    return chains.flatMap((chain) => {
      const head = this.ends.get(chain);
      return head ? [{ chain, ...head }] : [];
    });
  }
}

class KeptDigests implements DigestStore {
  readonly #digests = new Map<string, SignedDigest>();
  readonly #lists = new Map<string, readonly ChainHead[]>();

  async days() {
    return [...this.#digests.keys()].sort();
  }

  async find(day: string) {
    return { found: this.#digests.get(day), overwritten: false };
  }

  async heads({ which, digest }: HeadsList) {
    return this.#lists.get(`${which} ${digest.date}`);
  }

  async put(signed: SignedDigest, heads: Iterable<ChainHead>, moved: Iterable<ChainHead>) {
    this.#lists.set(`all ${signed.digest.date}`, [...heads]);
    this.#lists.set(`moved ${signed.digest.date}`, [...moved]);
    this.#digests.set(signed.digest.date, signed);
    return 'put' as const;
  }
}

export async function countDigest({ events, chains }: AuditSize, newEvents: number): Promise<TakenDigest> {
  const reader = new CountedChains();
  const { pem, sign } = signer();
  let nowMs = START_MS;
  const deps = {
    reader,
    chains: {
      head: () => Promise.reject(new Error('Nothing is broken.')),
      append: async () => 'stale' as const,
    },
    digests: new KeptDigests(),
    signer: { publicKey: async () => pem, sign: async (text: string) => sign(text) },
    table: 'bench',
    clock: () => nowMs,
  };
  for (let made = 0; made < events; made += 1) reader.grow(chainName(made % chains), nowMs - DAY_MS);
  await takeDigest(deps);
  nowMs += DAY_MS;
  for (let made = 0; made < newEvents; made += 1) reader.grow(chainName(made), nowMs - DAY_MS / 2);
  [reader.eventsRead, reader.chainsRead] = [0, 0];
  const report = await takeDigest(deps);
  if (report.outcome !== 'taken' || report.broken.length > 0) throw new Error(JSON.stringify(report));
  return { events, chains, newEvents, eventsRead: reader.eventsRead, chainsRead: reader.chainsRead };
}
