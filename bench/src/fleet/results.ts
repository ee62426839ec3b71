/** What one run of the fleet's benchmark gave: stored, so that the page can be written anew from it. */
import type { Tally } from '../count/tally.ts';
import type { Machine } from '../machine.ts';
import type { Cell } from './plan.ts';
import type { Swept } from './swept.ts';

export type SweepRound = Pick<Swept, 'milliseconds' | 'lookupMs' | 'cpuMilliseconds'>;

export interface CellResult extends Cell {
  /** Counted in a sweep of its own, behind the counting proxy. */
  readonly tally: Tally;
  readonly counted: Swept;
  /** Rounds in which the cells took turns, without the proxy. */
  readonly rounds: readonly SweepRound[];
}

export interface FleetResults {
  readonly date: string;
  readonly machine: Machine;
  readonly emulator: string;
  readonly startsPerSecond: number;
  readonly sweeps: readonly CellResult[];
}
