/** Time and chance for a client: timers run when the test says that time has passed. */
import type { Ambient } from '../../client/src/ambient.ts';
import type { ManualClock } from './manual-clock.ts';

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

export class ManualAmbient implements Ambient {
  readonly timers = new Set<Timer>();
  readonly #clock: ManualClock;
  /** What chance gives. */
  chance = 0.5;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  now = (): number => this.#clock.nowMs + this.skewMs;
  random = (): number => this.chance;
  /** By how much the client's clock is off. */
  skewMs = 0;

  later(callback: () => void, milliseconds: number): () => void {
    const timer = { atMs: this.#clock.nowMs + milliseconds, callback };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  /** Waits for what a timer has started: whoever starts something says how. */
  settle: () => Promise<unknown> = async () => undefined;

  /** Milliseconds until the next timer; undefined when none is set. */
  get nextInMs(): number | undefined {
    const next = Math.min(...[...this.timers].map(({ atMs }) => atMs));
    return Number.isFinite(next) ? next - this.#clock.nowMs : undefined;
  }

  /** Lets time pass, and whatever is due in it run. */
  async pass(milliseconds: number): Promise<void> {
    const untilMs = this.#clock.nowMs + milliseconds;
    for (;;) {
      const due = [...this.timers]
        .filter(({ atMs }) => atMs <= untilMs)
        .sort((one, other) => one.atMs - other.atMs);
      const [next] = due;
      if (!next) break;
      this.timers.delete(next);
      this.#clock.nowMs = Math.max(this.#clock.nowMs, next.atMs);
      next.callback();
      await this.settle();
    }
    this.#clock.nowMs = untilMs;
  }
}
