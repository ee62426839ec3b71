/** The short table: of the page, and of the README, which a unit test holds to it. */

import type { EmergencyResults } from '../fleet/emergencies.ts';
import { dollarsOf } from './bill.ts';
import { add, type Counts, scaled, total } from './counts.ts';
import { dollars } from './dollars.ts';
import { type Fleet, fleetMonth } from './fleet-month.ts';
import { mailLines, metricLines, standingLines, sumOf } from './monthly.ts';
import { type CostResults, PER_MILLION } from './results.ts';

export const FLEETS: readonly Fleet[] = [
  { keys: 1_000, policy: 'standard' },
  { keys: 10_000, policy: 'high-security' },
];

export const SUMMARY_HEAD = ['what', 'USD'] as const;

export function summaryRows(
  results: CostResults,
  emergencies: EmergencyResults,
): readonly (readonly [string, string])[] {
  const {
    issue,
    mail,
    webhook,
    busy,
    seldom,
    dueKey,
    rotation,
    claim,
    extension,
    rollback,
    emergency,
    observedMinute,
    pepper,
    pepperKey,
  } = results.counts;
  const rows: readonly (readonly [string, number])[] = [
    ['one million authorizations, each with its read and its count', dollarsOf(scaled(seldom, PER_MILLION))],
    [
      'one million authorizations of a key that is used ten times a second',
      dollarsOf(scaled(busy, PER_MILLION)),
    ],
    ['issuing a key', dollarsOf(issue)],
    ['a rotation of the pepper, ten thousand keys held', dollarsOf(add(pepper, pepperKey, 10_000))],
    [
      'a scheduled rotation by `standard`, from the sweep to the retirement, its key claimed: two reminders, nobody lags',
      dollarsOf(total(dueKey, rotation, claim)),
    ],
    [
      'observing it for its 72 hours, if it is used in every minute of them',
      dollarsOf(scaled(observedMinute, 72 * 60)),
    ],
    ['each extension', dollarsOf(extension)],
    ['a rotation by hand that is rolled back', dollarsOf(rollback)],
    ['an immediate emergency, its key claimed', dollarsOf(emergency)],
    [
      'each key of an immediate emergency of ten thousand, claimed',
      dollarsOf(total(keyOfMany(emergencies), claim)),
    ],
    ['each mail to an owner, with what SES tells of it', dollarsOf(mail)],
    ['each event to a webhook', dollarsOf(webhook)],
    ['each month, whatever happens', sumOf(standingLines(results))],
    ['each month at most, metrics of what happens', sumOf(metricLines())],
    ['each month beside that, with mail to owners, none sent', sumOf(mailLines())],
    ...FLEETS.map((fleet) => [fleetName(fleet), fleetMonth(results, fleet).total] as const),
  ];
  return rows.map(([what, usd]) => [what, dollars(usd)]);
}

/** A key's share of the largest emergency, and one of the rotations that were counted. */
export function keyOfMany({ emergencies }: EmergencyResults): Counts {
  const largest = emergencies.reduce((one, other) => (other.keys > one.keys ? other : one));
  const played = emergencies.find(({ rotations }) => rotations !== undefined);
  if (!played?.rotations) throw new Error('No rotations of an emergency were counted.');
  return total(scaled(largest.run, 1 / largest.keys), scaled(played.rotations, 1 / played.keys));
}

export const fleetName = ({ keys, policy }: Fleet): string =>
  `a month of ${keys.toLocaleString('en-US')} keys on \`${policy}\` at most, authorizations apart`;
