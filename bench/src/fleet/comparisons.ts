/** What is compared with what: ratios of the same round, never of different ones. */
import { ratioOf, type Spread } from '../measure/statistics.ts';
import { type Cell, type Comparison, nameOf } from './plan.ts';
import type { CellResult, FleetResults, SweepRound } from './results.ts';

export function cellOf({ sweeps }: FleetResults, cell: Cell): CellResult {
  const found = sweeps.find((each) => nameOf(each) === nameOf(cell));
  if (!found) throw new Error(`Nothing was measured of ${nameOf(cell)}.`);
  return found;
}

/** Without the look-up: on the local cloud that is a walk of the whole table, on DynamoDB a range of an index. */
export const workMs = ({ milliseconds, lookupMs }: SweepRound): number => milliseconds - lookupMs;
export const processorMs = ({ cpuMilliseconds }: SweepRound): number => cpuMilliseconds;
export const lookupMs = (round: SweepRound): number => round.lookupMs;

export const roundRatio = (
  results: FleetResults,
  { base, cell }: Comparison,
  measure: (round: SweepRound) => number,
): Spread => {
  const of = (each: Cell) => cellOf(results, each).rounds.map(measure);
  return ratioOf(of(cell), of(base));
};

export const countRatio = (
  results: FleetResults,
  { base, cell }: Comparison,
  count: (result: CellResult) => number,
): number => count(cellOf(results, cell)) / count(cellOf(results, base));

export const requestCount = ({ tally }: CellResult): number =>
  Object.values(tally.requests).reduce((total, each) => total + each, 0);
