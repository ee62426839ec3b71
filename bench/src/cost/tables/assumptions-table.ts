/** What is assumed, each with what doubling it adds to that which feels it most. */
import type { EmergencyResults } from '../../fleet/emergencies.ts';
import { table } from '../../report/markdown.ts';
import {
  BYTES_PER_CHAIN,
  DAYS_PER_MONTH,
  FUNCTIONS,
  HISTORY_LINE_BYTES,
  QUEUE_LOOKS_PER_MINUTE,
  TRACES_PER_EXECUTION,
} from '../assumptions.ts';
import { type Bill, billOf, totalOf } from '../bill.ts';
import { type Counts, scaled } from '../counts.ts';
import { dollars } from '../dollars.ts';
import { lockedDollars, queueLookDollars } from '../monthly.ts';
import type { CostResults } from '../results.ts';
import { authorizations, happenings, number } from './rows.ts';

const FELT_BY: readonly (readonly [string, string, string])[] = [
  ['authorizer', 'authorizer', 'a million authorizations, each with read and count'],
  ['rotation', 'rotation function', 'a scheduled rotation by `standard`'],
  ['admin', 'admin function', 'issuing a key'],
  ['sweep', 'sweep, besides its pauses', 'a sweep, nothing due'],
  ['observe', 'observation', 'an observation, nothing rotates'],
  ['publish', 'function that tells of events', 'a scheduled rotation by `standard`'],
  ['notify', 'outbox', 'a look into the outbox, nothing due'],
  ['watch', 'function that looks for wrong keys', 'a look for wrong keys, none counted'],
  ['digest', 'digest', 'a digest of the audit, no chain has grown'],
  ['mail-events', 'function that puts on record what became of mail', 'each mail to an owner'],
  ['bulk-emergency', 'steps of an emergency of many', 'each key of an immediate emergency of ten thousand'],
];

export function assumptionsTable(results: CostResults, emergencies: EmergencyResults): string {
  const thousands = happenings(results, emergencies).map(
    ([name, counts]) => [name, scaled(counts, 1_000)] as const,
  );
  const named = new Map<string, Counts>([...thousands, ...authorizations(results)]);
  const effect = (name: string, more: (counts: Counts) => number) => {
    const counts = named.get(name);
    if (!counts) throw new Error(`Nothing on the page is called '${name}'.`);
    const share = Math.round((100 * more(counts)) / totalOf(billOf(counts)));
    const times = thousands.some(([each]) => each === name) ? ', a thousand times' : '';
    return `${name}${times}: ${dollars(more(counts))} more, ${share} %`;
  };
  const part = (name: keyof Bill) => (counts: Counts) => billOf(counts)[name];
  const rotation = 'a scheduled rotation by `standard`';
  return table(
    ['assumed', 'value', 'if it were twice that'],
    [
      ...FELT_BY.map(([name, words, felt]) => [
        `billed time of one invocation of the ${words}, at ${FUNCTIONS[name]?.megabytes} MB`,
        `${number(FUNCTIONS[name]?.milliseconds ?? 0)} ms`,
        effect(felt, timeOf(name)),
      ]),
      ["a line of the machine's log", `${HISTORY_LINE_BYTES} bytes`, effect(rotation, linesOf)],
      [
        'traces recorded of an execution',
        `${TRACES_PER_EXECUTION}, the most`,
        effect(rotation, part('traces')),
      ],
      [
        'looks of Lambda into a queue in a minute: five pollers, each for 20 seconds',
        number(QUEUE_LOOKS_PER_MINUTE),
        `each month with mail: ${dollars(queueLookDollars())} more`,
      ],
      [
        'a chain in the lists of a digest',
        `${BYTES_PER_CHAIN} bytes`,
        `a month of digests: ${dollars(lockedDollars(10_000))} more`,
      ],
      ['days of a month', number(DAYS_PER_MONTH), '–'],
    ],
  );
}

/** Of this function alone. */
const timeOf =
  (name: string) =>
  (counts: Counts): number =>
    billOf({ ...counts, invocations: { [name]: counts.invocations[name] ?? 0 } }).lambdaTime;

const linesOf = (counts: Counts): number => billOf({ ...counts, logBytes: 0 }).logs;
