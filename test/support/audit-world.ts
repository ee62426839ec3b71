/** A deployment's audit in memory: chains as the table has them, daily digests, and the admin function's own actions. */
import type { AdminClient } from '../../cli/admin-client.ts';
import { type AuditEvent, CHAIN_START, chainEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { ChainHead } from '../../lambdas/core/domain/audit-proof/chain-head.ts';
import type { AuditHead } from '../../lambdas/core/domain/key-record.ts';
import type { AuditChains } from '../../lambdas/core/ports/audit-chains.ts';
import type { ChainRange, ChainReader } from '../../lambdas/core/ports/audit-proof.ts';
import { takeDigest } from '../../lambdas/core/use-cases/take-digest.ts';
import * as proof from '../../lambdas/functions/admin/audit-proof-actions.ts';
import { DAY_SECONDS } from '../../rules/time-units.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryDigests } from './memory-digests.ts';
import { type SigningKey, signingKey } from './proof-bench.ts';

/** Events by place, as items of a table lie: nothing keeps a test from writing what no use case would. */
export class MemoryChains implements ChainReader, AuditChains {
  readonly #clock: ManualClock;
  readonly items = new Map<string, Map<number, unknown>>();
  /** Keys' own records. */
  readonly keys = new Map<string, AuditHead>();
  /** Chains whose events were read. */
  read: string[] = [];
  /** What passes between reading a chain's events and its end. */
  onEnds: () => Promise<void> | void = () => {};
  pageSize = 3;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  async *events(chain: string, { after, upTo }: ChainRange): AsyncGenerator<readonly unknown[]> {
    this.read.push(chain);
    const places = [...(this.items.get(chain) ?? new Map<number, unknown>())].sort(
      ([one], [other]) => one - other,
    );
    const wanted = places.filter(([place]) => place > after && place <= (upTo ?? place));
    for (let start = 0; start < wanted.length; start += this.pageSize)
      yield wanted.slice(start, start + this.pageSize).map(([, event]) => event);
  }

  async *chainsSince(fromMs: number, toMs = Number.POSITIVE_INFINITY): AsyncGenerator<readonly string[]> {
    for (const [chain, events] of this.items) {
      const times = [...events.values()].map((event) => (event as AuditEvent).atMs);
      yield times.filter((atMs) => atMs >= fromMs && atMs <= toMs).map(() => chain);
    }
  }

  async *allChains(): AsyncGenerator<readonly string[]> {
    yield* this.chainsSince(0);
  }

  async keyHeads(chains: readonly string[]): Promise<readonly ChainHead[]> {
    await this.onEnds();
    return chains.flatMap((chain) => {
      const head = this.keys.get(chain);
      return head ? [{ chain, ...head }] : [];
    });
  }

  async head(chain: string): Promise<AuditHead> {
    const last = [...(this.items.get(chain) ?? [])].sort(([one], [other]) => one - other).at(-1)?.[1];
    return last ? { sequence: (last as AuditEvent).sequence, hash: (last as AuditEvent).hash } : CHAIN_START;
  }

  async append(event: AuditEvent): Promise<'appended' | 'stale'> {
    const events = this.items.get(event.chain) ?? new Map<number, unknown>();
    if (events.has(event.sequence)) return 'stale';
    this.items.set(event.chain, events.set(event.sequence, event));
    return 'appended';
  }

  /** One event more in each chain; of a key with its own record. */
  async grow(...chains: readonly string[]): Promise<void> {
    for (const chain of chains) await this.growAt(chain, this.#clock.nowMs);
  }

  /** One event more that says it is of this moment. */
  async growAt(chain: string, atMs: number): Promise<void> {
    const event = chainEvent({ chain }, await this.head(chain), {
      action: 'rotation.judged',
      actor: { principal: 'ops', via: 'cli' },
      atMs,
      detail: { chain },
    });
    await this.append(event);
    if (chain.startsWith('key/')) this.keys.set(chain, { sequence: event.sequence, hash: event.hash });
  }

  /** Changes what lies at a place; undefined: it is taken away. */
  tamper(chain: string, place: number, with_: (event: AuditEvent) => unknown): void {
    const events = this.items.get(chain) ?? new Map<number, unknown>();
    const next = with_(events.get(place) as AuditEvent);
    if (next === undefined) events.delete(place);
    else events.set(place, next);
    this.items.set(chain, events);
  }
}

export class AuditWorld {
  readonly clock = new ManualClock();
  readonly chains = new MemoryChains(this.clock);
  readonly digests = new MemoryDigests();
  readonly key: SigningKey = signingKey();

  digest() {
    const { clock, chains, digests, key } = this;
    const signer = { publicKey: async () => key.pem, sign: async (text: string) => key.signsText(text) };
    return takeDigest({ reader: chains, chains, digests, signer, table: 'a-table', clock: clock.read });
  }

  nextDay(): void {
    this.clock.advanceSeconds(DAY_SECONDS);
  }

  /** The admin function as the command asks it, with all that goes by wire. */
  get admin(): AdminClient {
    const { chains, digests, clock, key } = this;
    const signer = { publicKey: async () => key.pem };
    const deps = { chainReader: chains, chains, digests, signer, table: 'a-table', clock: clock.read };
    const actions = {
      'audit-digests': proof.auditDigests,
      'audit-heads': proof.auditHeads,
      'audit-chain-events': proof.auditChainEvents,
      'audit-chains-since': proof.auditChainsSince,
      'audit-ends': proof.auditEnds,
      'audit-events': async () => {
        const events = [...chains.items.values()].flatMap((each) => [...each.values()]) as AuditEvent[];
        const [first] = events.sort((one, other) => one.atMs - other.atMs);
        return { ok: true, result: { events: first ? [first] : [], nextToken: null } };
      },
      list: async () => ({
        ok: true,
        result: {
          keys: [...chains.keys.keys()].map((chain) => ({ keyId: chain.slice('key/'.length) })),
          nextToken: null,
        },
      }),
    } as unknown as Record<
      string,
      (deps: unknown, input: unknown) => Promise<{ ok: boolean; result: never }>
    >;
    return {
      async call(action, input) {
        const answer = await actions[action]?.(deps, JSON.parse(JSON.stringify(input)));
        if (!answer?.ok) throw new Error(`${action} was refused: ${JSON.stringify(answer)}`);
        return JSON.parse(JSON.stringify(answer.result)) as never;
      },
    };
  }
}
