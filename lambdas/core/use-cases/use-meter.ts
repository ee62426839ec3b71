/**
 * Counts uses in memory and writes them so that what matters is never lost: a version's first use ever, and that a
 * version was used while its key was between two versions, are written before the request is answered. Other counts
 * wait for the flush interval, so an environment that dies loses at most one interval of them.
 */
import { type Caller, mergeCallers } from '../domain/caller.ts';
import type { UseIncrement, UseWriter } from '../ports/authorization.ts';

export interface Use {
  readonly keyId: string;
  readonly version: number;
  readonly deprecating: boolean;
  /** While the key has two accepted versions: when the window ends in which its migration is being measured. */
  readonly windowEndsAtMs?: number;
  /** The key's record already knows of a use of this version. */
  readonly firstUseKnown: boolean;
  readonly address: string;
  readonly userAgent: string;
  readonly atMs: number;
}

interface Gathered {
  increment: UseIncrement;
  readonly since: number;
}

const HOUR_MS = 3_600_000;
/** Most distinct callers of one version between two writes; the rest are counted, not named. */
const MOST_CALLERS = 8;
/** Most writes that one request carries along. */
const MOST_WRITES_AT_ONCE = 16;
const LONGEST_USER_AGENT = 160;

export class UseMeter {
  readonly #writer: UseWriter;
  readonly #intervalMs: number;
  readonly #gathered = new Map<string, Gathered>();
  /** The last use of a version that was written before its answer, by `keyId/version`. */
  readonly #written = new Map<string, Pick<Use, 'atMs' | 'windowEndsAtMs'>>();
  readonly #firstUsesNoted = new Set<string>();

  /** @param intervalMs how long counts may wait; 0 writes each use before its answer */
  constructor(writer: UseWriter, intervalMs: number) {
    this.#writer = writer;
    this.#intervalMs = intervalMs;
  }

  /** Counts one authorized use; await it before answering. Rejects only if a use that must not be lost was not written. */
  async record(use: Use): Promise<void> {
    const name = `${use.keyId}/${use.version}`;
    const hourMs = use.atMs - (use.atMs % HOUR_MS);
    const slot = `${name}/${hourMs}`;
    const gathered = this.#gathered.get(slot);
    const increment = incrementOf(use, hourMs);
    this.#gathered.set(slot, {
      increment: gathered ? merge(gathered.increment, increment) : increment,
      since: gathered?.since ?? use.atMs,
    });

    const writes: Promise<void>[] = [];
    if (!use.firstUseKnown && !this.#firstUsesNoted.has(name)) writes.push(this.#noteFirstUse(name, use));
    if (this.#intervalMs === 0 || this.#isEvidence(name, use)) {
      writes.push(this.#write(slot).then(() => this.#remember(name, use)));
    }
    await Promise.all(writes);
  }

  /** Writes counts that have waited their interval. Never rejects: what could not be written waits for the next time. */
  async flushDue(nowMs: number): Promise<void> {
    const due: string[] = [];
    // In the order of their first use: behind one that is not due there are only younger ones, and those that were put
    // back, which may wait as long. So a request never walks over the counts of thousands of keys.
    for (const [slot, { since }] of this.#gathered) {
      if (nowMs - since < this.#intervalMs || due.length === MOST_WRITES_AT_ONCE) break;
      due.push(slot);
    }
    await Promise.allSettled(due.map((slot) => this.#write(slot)));
  }

  /** Writes everything, when the environment is told that it ends. */
  async flushAll(): Promise<void> {
    await Promise.allSettled([...this.#gathered.keys()].map((slot) => this.#write(slot)));
  }

  async #noteFirstUse(name: string, use: Use): Promise<void> {
    await this.#writer.noteFirstUse(use.keyId, use.version, use.atMs);
    if (this.#firstUsesNoted.size > 50_000) this.#firstUsesNoted.clear();
    this.#firstUsesNoted.add(name);
  }

  /** The first use in each window under judgement, and then one each interval, must not be lost. */
  #isEvidence(name: string, { windowEndsAtMs, atMs }: Use): boolean {
    if (windowEndsAtMs === undefined) return false;
    const last = this.#written.get(name);
    return last?.windowEndsAtMs !== windowEndsAtMs || atMs - last.atMs >= this.#intervalMs;
  }

  #remember(name: string, { atMs, windowEndsAtMs }: Use): void {
    if (this.#written.size > 50_000) this.#written.clear();
    this.#written.set(name, { atMs, ...(windowEndsAtMs === undefined ? {} : { windowEndsAtMs }) });
  }

  /** Takes the slot out first, so that uses counted meanwhile gather beside it; puts it back if the write fails. */
  async #write(slot: string): Promise<void> {
    const taken = this.#gathered.get(slot);
    if (!taken) return;
    this.#gathered.delete(slot);
    try {
      await this.#writer.add(taken.increment);
    } catch (error) {
      const since = this.#gathered.get(slot);
      this.#gathered.set(slot, {
        increment: since ? merge(taken.increment, since.increment) : taken.increment,
        since: taken.since,
      });
      throw error;
    }
  }
}

const incrementOf = (use: Use, hourMs: number): UseIncrement => ({
  keyId: use.keyId,
  version: use.version,
  hourMs,
  requests: 1,
  deprecatingRequests: use.deprecating ? 1 : 0,
  lastUsedAtMs: use.atMs,
  callers: use.deprecating ? [callerOf(use)] : [],
});

const callerOf = (use: Use): Caller => ({
  address: use.address,
  userAgent: use.userAgent.slice(0, LONGEST_USER_AGENT),
  requests: 1,
  lastUsedAtMs: use.atMs,
});

const merge = (left: UseIncrement, right: UseIncrement): UseIncrement => ({
  ...left,
  requests: left.requests + right.requests,
  deprecatingRequests: left.deprecatingRequests + right.deprecatingRequests,
  lastUsedAtMs: Math.max(left.lastUsedAtMs, right.lastUsedAtMs),
  callers:
    right.callers.length === 0
      ? left.callers
      : mergeCallers([...left.callers, ...right.callers]).slice(0, MOST_CALLERS),
});
