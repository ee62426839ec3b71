/** Counts that wait in memory for their write, each slot once. What could not be written waits for the next time. */
import { mergeCallers } from '../domain/caller.ts';
import type { UseIncrement, UseWriter } from '../ports/authorization.ts';

interface Pending {
  readonly increment: UseIncrement;
  readonly sinceMs: number;
}

/** Most distinct callers of one version between two writes; the rest are counted, not named. */
const MOST_CALLERS = 8;
/** Most writes that one request carries along. */
const MOST_WRITES_AT_ONCE = 16;

export class PendingCounts {
  readonly #writer: Pick<UseWriter, 'add'>;
  readonly #intervalMs: number;
  readonly #pending = new Map<string, Pending>();

  /** @param intervalMs how long counts wait */
  constructor(writer: Pick<UseWriter, 'add'>, intervalMs: number) {
    this.#writer = writer;
    this.#intervalMs = intervalMs;
  }

  /** Slots that wait. */
  get size(): number {
    return this.#pending.size;
  }

  has(slot: string): boolean {
    return this.#pending.has(slot);
  }

  /** @param slot one key, version and hour */
  add(slot: string, increment: UseIncrement, atMs: number): void {
    const before = this.#pending.get(slot);
    this.#pending.set(slot, {
      increment: before ? merge(before.increment, increment) : increment,
      sinceMs: before?.sinceMs ?? atMs,
    });
  }

  /** Takes the slot out first, so that uses counted meanwhile gather beside it; puts it back if the write fails. */
  async write(slot: string): Promise<void> {
    const taken = this.#pending.get(slot);
    if (!taken) return;
    this.#pending.delete(slot);
    try {
      await this.#writer.add(taken.increment);
    } catch (error) {
      const meanwhile = this.#pending.get(slot);
      this.#pending.set(slot, {
        increment: meanwhile ? merge(taken.increment, meanwhile.increment) : taken.increment,
        sinceMs: taken.sinceMs,
      });
      throw error;
    }
  }

  /** Writes counts that have waited their interval. Never rejects. */
  async flushDue(nowMs: number): Promise<void> {
    const due: string[] = [];
    // In the order of their first use: behind one that is not due there are only younger ones, and those that were put
    // back, which may wait as long. So a request never walks over the counts of thousands of keys.
    for (const [slot, { sinceMs }] of this.#pending) {
      if (nowMs - sinceMs < this.#intervalMs || due.length === MOST_WRITES_AT_ONCE) break;
      due.push(slot);
    }
    await Promise.allSettled(due.map((slot) => this.write(slot)));
  }

  /** Writes everything. Never rejects. */
  async flushAll(): Promise<void> {
    await Promise.allSettled([...this.#pending.keys()].map((slot) => this.write(slot)));
  }
}

const merge = (left: UseIncrement, right: UseIncrement): UseIncrement => ({
  ...left,
  requests: left.requests + right.requests,
  deprecatingRequests: left.deprecatingRequests + right.deprecatingRequests,
  minutes: mergeMinutes(left.minutes, right.minutes),
  lastUsedAtMs: Math.max(left.lastUsedAtMs, right.lastUsedAtMs),
  callers:
    right.callers.length === 0
      ? left.callers
      : mergeCallers([...left.callers, ...right.callers]).slice(0, MOST_CALLERS),
});

/** Of one hour: sixty at most, however long counts wait. */
function mergeMinutes(
  left: UseIncrement['minutes'],
  right: UseIncrement['minutes'],
): UseIncrement['minutes'] {
  const merged: Record<string, number> = { ...left };
  for (const [minute, requests] of Object.entries(right)) merged[minute] = (merged[minute] ?? 0) + requests;
  return merged;
}
