/** What stands in the tables, in the order of the page. */
import type { EmergencyResults } from '../../fleet/emergencies.ts';
import { type Counts, scaled } from '../counts.ts';
import { type CostResults, PER_MILLION, type Scenario } from '../results.ts';
import { keyOfMany } from '../summary.ts';

export const ROWS: readonly (readonly [Scenario, string])[] = [
  ['rotation', 'a scheduled rotation by `standard`'],
  ['claim', 'claiming its key'],
  ['extension', 'each extension'],
  ['rollback', 'a rotation by hand, rolled back'],
  ['emergency', 'an immediate emergency, its key claimed'],
  ['observe', 'an observation, nothing rotates'],
  ['observedMinute', 'each minute of a rotating key in use'],
  ['sweep', 'a sweep, nothing due'],
  ['dueKey', 'each due key of a sweep'],
  ['pepper', 'a rotation of the pepper, no key held'],
  ['pepperKey', 'each key held, of a rotation of the pepper'],
  ['cleanUp', 'a clean-up of peppers, nothing to do'],
  ['issue', 'issuing a key'],
  ['mail', 'each mail to an owner'],
  ['webhook', 'each event to a webhook'],
  ['digest', 'a digest of the audit, no chain has grown'],
  ['digestedChain', 'each chain that has grown, of a digest'],
  ['watch', 'a look for wrong keys, none counted'],
  ['notify', 'a look into the outbox, nothing due'],
  ['seldom', 'a million authorizations, each with read and count'],
  ['busy', 'a million authorizations, ten a second of one key'],
];

const MILLIONS: readonly Scenario[] = ['seldom', 'busy'];

/** Of a million authorizations; of everything else once. */
export const countsOf = ({ counts }: CostResults, scenario: Scenario): Counts =>
  scaled(counts[scenario], MILLIONS.includes(scenario) ? PER_MILLION : 1);

/** Counts by name, in the order of the page. */
export type Named = readonly (readonly [string, Counts])[];

export const KEY_OF_MANY = 'each key of an immediate emergency of ten thousand';

/** Events of keys: with each key's share of an emergency of many. */
export const happenings = (results: CostResults, emergencies: EmergencyResults): Named => [
  ...ROWS.filter(([scenario]) => !MILLIONS.includes(scenario)).map(
    ([scenario, name]) => [name, results.counts[scenario]] as const,
  ),
  [KEY_OF_MANY, keyOfMany(emergencies)],
];

export const authorizations = (results: CostResults): Named =>
  ROWS.filter(([scenario]) => MILLIONS.includes(scenario)).map(
    ([scenario, name]) => [name, countsOf(results, scenario)] as const,
  );

export const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 });
