/** Calls at a steady rate, however long each takes (ten on their way at most): what each was answered, and with which version it came. */

export interface Answered {
  readonly status: number;
  /** As the server behind the API saw it; of a refused call as its client knew it. */
  readonly version?: number | undefined;
}

interface SteadyCall extends Answered {
  readonly startedAtMs: number;
}

/** Fifteen a second. */
const STEADY_MS = 66;
/** On a machine that cannot keep up, more would only wait for each other. */
const MOST_AT_ONCE = 10;
/** No answer came. */
const NONE: Answered = { status: 0 };

export class SteadyCaller {
  readonly calls: SteadyCall[] = [];
  readonly everyMs: number;
  readonly #call: () => Promise<Answered>;
  readonly #startedAtMs = Date.now();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #timer: NodeJS.Timeout;
  #made = 0;

  private constructor(call: () => Promise<Answered>, everyMs: number) {
    this.#call = call;
    this.everyMs = everyMs;
    this.#timer = setInterval(() => this.#callDue(), everyMs / 2);
  }

  static start(call: () => Promise<Answered>, everyMs = STEADY_MS): SteadyCaller {
    return new SteadyCaller(call, everyMs);
  }

  /** Answered with anything but success, or not at all. */
  get failed(): readonly SteadyCall[] {
    return this.calls.filter(({ status }) => status !== 200);
  }

  /** Versions that it has called with, in the order in which its calls left. */
  get versions(): readonly (number | undefined)[] {
    const inOrder = [...this.calls].sort((one, other) => one.startedAtMs - other.startedAtMs);
    return [...new Set(inOrder.map(({ version }) => version))];
  }

  /** Per second, since it began. */
  get rate(): number {
    return (this.calls.length * 1000) / (Date.now() - this.#startedAtMs);
  }

  /** Waits for those on their way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#pending);
  }

  /** A timer that came late makes up for it: the rate stays. */
  #callDue(): void {
    const due = Math.floor((Date.now() - this.#startedAtMs) / this.everyMs);
    while (this.#made < due) {
      this.#made += 1;
      if (this.#pending.size >= MOST_AT_ONCE) continue;
      const startedAtMs = Date.now();
      const call = this.#call()
        .catch(() => NONE)
        .then((answered) => this.calls.push({ startedAtMs, ...answered }));
      this.#pending.add(call);
      call.finally(() => this.#pending.delete(call));
    }
  }
}
