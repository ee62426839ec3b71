/**
 * The model's own books: which versions there are, who holds them, who used them when, and from when each is refused.
 * They are kept from what was ordered, stored and answered. No count, verdict or condition of the product is read.
 */
import { isAccepted, type KeyBook, type RunBook, type VersionBook } from './books.ts';
import type { Moment } from './moment.ts';

export class Ledger {
  readonly keys: KeyBook[] = [];
  readonly runs: RunBook[] = [];
  /** Writes of the pepper secret that were made. */
  pepperWrites = 0;
  /** Keys whose making did not win: no version has them. */
  readonly lost: { readonly keyId: string; readonly text: string }[] = [];
  /** Uses whose count may have been written twice: the write failed although it was made. */
  readonly doubled: { readonly keyId: string; readonly version: number; readonly requests: number }[] = [];
  /** And by which way. */
  readonly handedOut = new Map<string, string>();
  /** Of keys, as owners have them; the newest last. */
  readonly links: { readonly keyId: string; readonly token: string }[] = [];
  readonly #clock: () => number;
  #order = 0;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  moment(): Moment {
    this.#order += 1;
    return { atMs: this.#clock(), order: this.#order };
  }

  key(keyId: string): KeyBook | undefined {
    return this.keys.find((book) => book.keyId === keyId);
  }

  enterRun(runId: string, isImmediate: boolean): RunBook {
    const known = this.keys.flatMap((book) =>
      [...book.versions.values()]
        .filter((version) => isAccepted(version) && version.isReceived)
        .map((version) => ({ book, version })),
    );
    const run = { label: `e${this.runs.length + 1}`, runId, isImmediate, since: this.moment(), known };
    this.runs.push(run);
    return run;
  }

  /** This key is a version's. */
  keep(text: string | undefined): void {
    const index = this.lost.findIndex((each) => each.text === text);
    if (index >= 0) this.lost.splice(index, 1);
  }

  /** The versions that somebody may hold, the newest first. */
  held(book: KeyBook): readonly VersionBook[] {
    return [...book.versions.values()]
      .filter(({ isReceived, wasPlaced, text }) => (isReceived || wasPlaced) && text !== undefined)
      .reverse();
  }
}
