/** What functions write while they work: their logs. */

const STREAMS = [process.stdout, process.stderr] as const;
type Write = typeof process.stdout.write;

/** Counts what is written to either stream while anything works, and keeps it from the terminal. */
export class CapturedLines {
  bytes = 0;
  #working = 0;
  #originals: readonly Write[] = [];

  /** Several at once are captured until the last of them has ended. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#working === 0) this.#capture();
    this.#working += 1;
    try {
      return await work();
    } finally {
      this.#working -= 1;
      if (this.#working === 0) this.#release();
    }
  }

  #capture(): void {
    this.#originals = STREAMS.map((stream) => stream.write);
    for (const stream of STREAMS) {
      stream.write = (chunk: string | Uint8Array) => {
        this.bytes += Buffer.byteLength(chunk);
        return true;
      };
    }
  }

  #release(): void {
    STREAMS.forEach((stream, index) => {
      stream.write = this.#originals[index] as Write;
    });
  }
}
