/** A client that reads its key from some place now and then, and calls the REST API at a steady rate all the while. */
import { whoami } from './mcp.ts';
import { SteadyCaller } from './steady-caller.ts';

interface ReadKey {
  readonly key: string;
  readonly version: number;
}

const POLL_MS = 500;

export class PollingClient {
  readonly caller: SteadyCaller;
  readonly #read: () => Promise<ReadKey>;
  readonly #stopping = new AbortController();
  readonly #polling: Promise<void>;
  #held: Promise<ReadKey>;

  private constructor(read: () => Promise<ReadKey>, url: string, pollMs: number) {
    this.#read = read;
    this.#held = read();
    this.#polling = this.#poll(pollMs);
    this.caller = SteadyCaller.start(async () => {
      const { key, version } = await this.#held;
      return { version, ...(await whoami(url, { key })) };
    });
  }

  static start(read: () => Promise<ReadKey>, url: string, pollMs = POLL_MS): PollingClient {
    return new PollingClient(read, url, pollMs);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#polling, this.caller.stop()]);
  }

  async #poll(pollMs: number): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, pollMs));
      const read = await this.#read();
      this.#held = Promise.resolve(read);
    }
  }
}
