/**
 * Notes troubles with the pepper: the first of a fault and window at once, further ones when they have waited their
 * interval. So thousands of requests a minute that meet one cost few writes.
 */
import {
  faultName,
  faultsIn,
  mergeFaults,
  type PepperFaultCount,
  type PepperUser,
} from '../domain/pepper-fault.ts';
import type { PepperFaultWriter } from '../ports/pepper-faults.ts';

interface Pending {
  readonly fault: PepperFaultCount;
  readonly sinceMs: number;
}

/** After a write that failed none is tried for so long: the table may be in trouble too. */
const RETRY_MS = 10_000;
/** Slots of which it is remembered that they are noted; with one more, all are forgotten and noted again. */
const MOST_REMEMBERED = 1_000;

export class PepperFaultMeter {
  readonly #writer: PepperFaultWriter;
  readonly #user: PepperUser;
  readonly #waitMs: number;
  /** By fault and window. */
  readonly #pending = new Map<string, Pending>();
  readonly #noted = new Set<string>();
  #notBeforeMs = Number.NEGATIVE_INFINITY;

  /** @param waitMs how long further counts of a fault may wait; 0 writes each at once */
  constructor(writer: PepperFaultWriter, user: PepperUser, waitMs: number) {
    this.#writer = writer;
    this.#user = user;
    this.#waitMs = waitMs;
  }

  /** Does nothing for any other error. Never rejects: what is thrown must not depend on being noted. */
  async note(error: unknown, atMs: number): Promise<void> {
    const faults = faultsIn(error, this.#user, atMs);
    for (const fault of faults) this.#add(slotOf(fault), { fault, sinceMs: atMs });
    if (faults.length > 0) await this.flushDue(atMs);
  }

  /** Writes what is due. Never rejects: what could not be written waits for the next time. */
  async flushDue(nowMs: number): Promise<void> {
    if (nowMs < this.#notBeforeMs) return;
    const due = [...this.#pending].filter(
      ([slot, { sinceMs }]) => !this.#noted.has(slot) || nowMs - sinceMs >= this.#waitMs,
    );
    await Promise.all(due.map(([slot, pending]) => this.#write(slot, pending, nowMs)));
  }

  /** Writes everything there is. Never rejects. */
  async flushAll(nowMs: number): Promise<void> {
    await Promise.all([...this.#pending].map(([slot, pending]) => this.#write(slot, pending, nowMs)));
  }

  async #write(slot: string, pending: Pending, nowMs: number): Promise<void> {
    this.#pending.delete(slot);
    try {
      await this.#writer.add(pending.fault);
      if (this.#noted.size >= MOST_REMEMBERED) this.#noted.clear();
      this.#noted.add(slot);
    } catch {
      this.#notBeforeMs = nowMs + RETRY_MS;
      this.#add(slot, pending);
    }
  }

  #add(slot: string, { fault, sinceMs }: Pending): void {
    const before = this.#pending.get(slot);
    this.#pending.set(slot, {
      fault: before ? mergeFaults(before.fault, fault) : fault,
      sinceMs: Math.min(before?.sinceMs ?? sinceMs, sinceMs),
    });
  }
}

const slotOf = (fault: PepperFaultCount): string => `${fault.windowMs}/${faultName(fault)}`;
