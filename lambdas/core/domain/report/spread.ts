/** How a set of measured times is spread. */

export interface Spread {
  readonly count: number;
  readonly meanMs: number;
  readonly medianMs: number;
  /** Nearest rank: the smallest that 95 % of all do not exceed. */
  readonly p95Ms: number;
  readonly slowestMs: number;
}

/** @returns null of nothing: there is no mean of no figures */
export function spreadOf(valuesMs: readonly number[]): Spread | null {
  if (valuesMs.length === 0) return null;
  const sorted = [...valuesMs].sort((one, other) => one - other);
  const at = (rank: number): number => sorted[Math.max(0, Math.ceil(rank) - 1)] as number;
  const half = sorted.length / 2;
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    count: sorted.length,
    meanMs: Math.round(sum / sorted.length),
    medianMs: Math.round((at(half) + at(Number.isInteger(half) ? half + 1 : half)) / 2),
    p95Ms: at(sorted.length * 0.95),
    slowestMs: at(sorted.length),
  };
}
