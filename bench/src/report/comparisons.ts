/** What is compared with what: ratios of the same round, never of different ones. */
import { type BetterAuthStore, STORES } from '../better-auth.ts';
import type { Round } from '../measure/round.ts';
import { median, ratioOf, type Spread } from '../measure/statistics.ts';
import type { FromMemory, FromStart } from '../results.ts';

export const processorTimes = (rounds: readonly Round[]): readonly number[] =>
  rounds.map((round) => round.cpuMicroseconds);

const medianTimes = (rounds: readonly Round[]): readonly number[] =>
  rounds.map((round) => median(round.microseconds));

export const timeRatio = (rounds: readonly Round[], base: readonly Round[]): Spread =>
  ratioOf(medianTimes(rounds), medianTimes(base));

export const processorRatio = (rounds: readonly Round[], base: readonly Round[]): Spread =>
  ratioOf(processorTimes(rounds), processorTimes(base));

export const allTimes = (rounds: readonly Round[]): readonly number[] =>
  rounds.flatMap((round) => round.microseconds);

type Measure = 'milliseconds' | 'cpuMilliseconds';

/** Starts differ more from turn to turn than requests: the medians of this many turns are compared. */
const BLOCK = 10;

/** Without what Node itself takes to start, block by block. */
export function beyondNode(
  starts: FromStart,
  name: Exclude<keyof FromStart, 'empty'>,
  measure: Measure,
): readonly number[] {
  const blocks = Array.from({ length: Math.ceil(starts.empty.length / BLOCK) }, (_, block) => block * BLOCK);
  const middle = (subject: keyof FromStart, from: number) =>
    median(starts[subject].slice(from, from + BLOCK).map((start) => start[measure]));
  return blocks.map((from) => middle(name, from) - middle('empty', from));
}

export const startRatio = (
  starts: FromStart,
  base: 'plain' | 'plain-with-secret',
  measure: Measure,
): Spread => ratioOf(beyondNode(starts, 'authorizer', measure), beyondNode(starts, base, measure));

/** The store on which better-auth took the least processor time: no other is fair. */
export function fastestStore(fromMemory: FromMemory): BetterAuthStore {
  const measured = STORES.filter((store) => fromMemory[store] !== undefined);
  const time = (store: BetterAuthStore) => median(processorTimes(fromMemory[store] as readonly Round[]));
  return measured.reduce((best, store) => (time(store) < time(best) ? store : best));
}

/** How many times as fast as better-auth on its fastest store, by processor time. */
export const timesAsFast = (fromMemory: FromMemory, name: keyof FromMemory): Spread =>
  ratioOf(
    processorTimes(fromMemory[fastestStore(fromMemory)] as readonly Round[]),
    processorTimes(fromMemory[name] as readonly Round[]),
  );
