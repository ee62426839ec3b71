/** Everything of a run that is billed by its number. */
import { NOTHING, plus, plusEach, type Tally } from '../count/tally.ts';

export interface Counts extends Tally {
  /** Standard executions of Step Functions, and the states that they entered. */
  readonly executions: number;
  readonly transitions: number;
  /** Events in the executions' histories: each is a line of the machine's log. */
  readonly historyEvents: number;
  /** Invocations by function. */
  readonly invocations: Readonly<Record<string, number>>;
  /** Of the functions' own lines. */
  readonly logBytes: number;
}

export const NO_COUNTS: Counts = {
  ...NOTHING,
  executions: 0,
  transitions: 0,
  historyEvents: 0,
  invocations: {},
  logBytes: 0,
};

/** `one` and `times` of the other. */
export const add = (one: Counts, other: Counts, times = 1): Counts => ({
  ...plus(one, other, times),
  executions: one.executions + times * other.executions,
  transitions: one.transitions + times * other.transitions,
  historyEvents: one.historyEvents + times * other.historyEvents,
  invocations: plusEach(one.invocations, other.invocations, times),
  logBytes: one.logBytes + times * other.logBytes,
});

export const total = (...all: readonly Counts[]): Counts =>
  all.reduce((sum, each) => add(sum, each), NO_COUNTS);
export const less = (one: Counts, other: Counts): Counts => add(one, other, -1);
export const scaled = (counts: Counts, times: number): Counts => add(NO_COUNTS, counts, times);
