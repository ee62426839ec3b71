/** Which fleets are swept, and how often. */

export interface Cell {
  readonly held: number;
  readonly due: number;
}

export const CELLS: readonly Cell[] = [
  { held: 1_000, due: 100 },
  { held: 1_000, due: 1_000 },
  { held: 10_000, due: 100 },
  { held: 10_000, due: 1_000 },
  { held: 10_000, due: 10_000 },
];

/** Two cells of which one is ten times the other in one respect. */
export interface Comparison {
  readonly what: string;
  readonly base: Cell;
  readonly cell: Cell;
}

const of = (held: number, due: number): Cell => ({ held, due });

export const SAME_DUE: readonly Comparison[] = [
  { what: '100 due', base: of(1_000, 100), cell: of(10_000, 100) },
  { what: '1,000 due', base: of(1_000, 1_000), cell: of(10_000, 1_000) },
];
export const TEN_TIMES_DUE: readonly Comparison[] = [
  { what: '100 to 1,000 due of 1,000 held', base: of(1_000, 100), cell: of(1_000, 1_000) },
  { what: '100 to 1,000 due of 10,000 held', base: of(10_000, 100), cell: of(10_000, 1_000) },
  { what: '1,000 to 10,000 due of 10,000 held', base: of(10_000, 1_000), cell: of(10_000, 10_000) },
];

export interface FleetPlan {
  readonly cells: readonly Cell[];
  readonly rounds: number;
}

export const FULL_FLEET: FleetPlan = { cells: CELLS, rounds: 4 };
/** For trying the benchmark itself: its ratios of times say little. */
export const QUICK_FLEET: FleetPlan = { cells: CELLS, rounds: 1 };

export const nameOf = ({ held, due }: Cell): string => `${held}-${due}`;
