/** Runs what happens at once one call at a time, in an order that a seed decides. */

export class Turns {
  readonly #waiting: (() => void)[] = [];
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** Awaited before each call: where others may come between. */
  readonly turn = (): Promise<void> => new Promise((resolve) => this.#waiting.push(resolve));

  /** Lets one of those that wait go on, again and again, until this is over. */
  async until(over: Promise<unknown>): Promise<void> {
    let isOver = false;
    const end = over.finally(() => {
      isOver = true;
    });
    end.catch(() => undefined);
    while (!isOver) {
      // Everything runs that does not wait for a turn.
      await new Promise((resolve) => setImmediate(resolve));
      const [next] = this.#waiting.splice(this.#random(this.#waiting.length), 1);
      next?.();
    }
    await end;
  }

  /** Mulberry32. */
  #random(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, below);
  }
}
