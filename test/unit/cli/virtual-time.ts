/** A clock that jumps to the next sleeper once everybody waits: many clients at once, days in milliseconds. */

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Turns of the event loop without news after which everybody counts as waiting. */
const QUIET_TURNS = 5;

export class VirtualTime {
  #nowMs: number;
  #sleepers: Sleeper[] = [];
  #busy = 0;
  #running = false;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  readonly now = (): number => this.#nowMs;

  readonly sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { atMs: this.#nowMs + milliseconds, wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
      void this.#run();
    });

  /** Time stands still while this work is done, however many turns it takes. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#busy -= 1;
    }
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#sleepers.length > 0) {
      await this.#everybodyWaits();
      const next = this.#sleepers.reduce<Sleeper | undefined>(
        (first, sleeper) => (first && first.atMs <= sleeper.atMs ? first : sleeper),
        undefined,
      );
      if (!next) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.wake();
    }
    this.#running = false;
  }

  async #everybodyWaits(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet = this.#busy > 0 ? 0 : quiet + 1) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
}
