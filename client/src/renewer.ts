/** Renews in the background: one try at a time, spread by chance, further apart the more of them fail. */
import type { Ambient } from './ambient.ts';

/** What became of a try. Only `unavailable` is tried again unasked: more of the same may help there. */
export type Try = 'done' | 'nothing-waits' | 'refused' | 'unavailable';

export interface Pace {
  /** The first try waits up to this long, by chance: many clients may be warned at the same moment. */
  readonly jitterMs: number;
  /** Before the second try, doubled for each one after it. */
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
}

export const PACE: Pace = { jitterMs: 10_000, firstBackoffMs: 5_000, longestBackoffMs: 600_000 };

export class Renewer {
  readonly #attempt: () => Promise<Try>;
  readonly #ambient: Ambient;
  readonly #pace: Pace;
  #running: Promise<Try> | undefined;
  #callOff: (() => void) | undefined;
  #failures = 0;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  /** @param attempt never rejects */
  constructor(attempt: () => Promise<Try>, ambient: Ambient, pace: Pace) {
    this.#attempt = attempt;
    this.#ambient = ambient;
    this.#pace = pace;
  }

  /** Asks for a try some time soon, at the latest by `byMs` where that is known. Nobody waits for it. */
  want(byMs = Number.POSITIVE_INFINITY): void {
    const nowMs = this.#ambient.now();
    if (this.#closed || this.#running || this.#callOff || nowMs < this.#notBeforeMs) return;
    // Of what is left a tenth at most is waited; a clock that is wrong makes it no wait, never a longer one.
    const longest = Math.min(this.#pace.jitterMs, Math.max(0, (byMs - nowMs) / 10));
    this.#schedule(this.#ambient.random() * longest);
  }

  /** A try now, or the one that runs already. */
  now(): Promise<Try> {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#running ??= this.#run();
    return this.#running;
  }

  /** A try now, unless the last one came to nothing a moment ago: whoever asks with each call asks too often. */
  async unlessTooEarly(): Promise<void> {
    if (this.#running || this.#ambient.now() >= this.#notBeforeMs) await this.now();
  }

  close(): void {
    this.#closed = true;
    this.#callOff?.();
    this.#callOff = undefined;
  }

  async #run(): Promise<Try> {
    const outcome = await this.#attempt();
    this.#running = undefined;
    if (outcome === 'done') {
      this.#failures = 0;
      this.#notBeforeMs = Number.NEGATIVE_INFINITY;
      return outcome;
    }
    const delayMs = this.#backoff();
    this.#failures += 1;
    this.#notBeforeMs = this.#ambient.now() + delayMs;
    if (outcome === 'unavailable' && !this.#closed && !this.#callOff) this.#schedule(delayMs);
    return outcome;
  }

  #schedule(delayMs: number): void {
    this.#callOff = this.#ambient.later(() => void this.now(), delayMs);
  }

  /** Between half of it and all of it: never at once again, and not all clients together. */
  #backoff(): number {
    const { firstBackoffMs, longestBackoffMs } = this.#pace;
    const longest = Math.min(longestBackoffMs, firstBackoffMs * 2 ** this.#failures);
    return longest * (0.5 + this.#ambient.random() / 2);
  }
}
