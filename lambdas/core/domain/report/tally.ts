/** Counting by word. */
import type { Count } from './report.ts';

export class Tally {
  readonly #counts = new Map<string, number>();

  add(word: string): void {
    this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
  }

  of(word: string): number {
    return this.#counts.get(word) ?? 0;
  }

  /** By word. */
  rows(): readonly Count[] {
    return [...this.#counts].sort(byText).map(([of, count]) => ({ of, count }));
  }
}

/** By code units: the same order on every machine. */
const byText = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : one > other ? 1 : 0;
