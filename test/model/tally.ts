/** How often things happened that the model is there to try: a check that never met a lost race has not tried it. */

export class Tally {
  readonly #counts = new Map<string, number>();

  count(what: string, times = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + times);
  }

  add(other: Tally): void {
    for (const [what, times] of other.#counts) this.count(what, times);
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  toString(): string {
    const widest = Math.max(0, ...[...this.#counts.keys()].map(({ length }) => length));
    return [...this.#counts]
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([what, times]) => `  ${what.padEnd(widest)}  ${times}`)
      .join('\n');
  }
}
