/** What one run counted: stored, so that the pages can be written anew from it. */
import type { Counts } from './counts.ts';

/** Authorizations in a scenario, and how many of it make a million. */
export const AUTHORIZATIONS = 1_000;
export const PER_MILLION = 1_000_000 / AUTHORIZATIONS;

export const SCENARIOS = [
  'issue',
  'webhook',
  'mail',
  'digest',
  'digestedChain',
  'watch',
  'notify',
  'busy',
  'seldom',
  'sweep',
  'dueKey',
  'observe',
  'observedMinute',
  'rotation',
  'claim',
  'extension',
  'rollback',
  'emergency',
  'pepper',
  'pepperKey',
  'cleanUp',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

export interface CostResults {
  readonly date: string;
  /** The emulator that took the calls. */
  readonly emulator: string;
  readonly counts: Readonly<Record<Scenario, Counts>>;
}
