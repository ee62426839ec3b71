/** The tables of docs/cost.md. */
import { requestsTo } from '../count/tally.ts';
import type { EmergencyResults } from '../fleet/emergencies.ts';
import { table } from '../report/markdown.ts';
import { DAYS_PER_MONTH, FUNCTIONS, HISTORY_LINE_BYTES, TRACES_PER_EXECUTION } from './assumptions.ts';
import { billOf, totalOf } from './bill.ts';
import { type Counts, scaled } from './counts.ts';
import { dollars } from './dollars.ts';
import { fleetMonth } from './fleet-month.ts';
import { type MonthlyLine, metricLines, standingLines, sumOf } from './monthly.ts';
import { PRICES } from './prices.ts';
import { type CostResults, PER_MILLION, type Scenario } from './results.ts';
import { FLEETS, fleetName, keyOfMany } from './summary.ts';

const ROWS: readonly (readonly [Scenario, string])[] = [
  ['rotation', 'a scheduled rotation by `standard`'],
  ['claim', 'claiming its key'],
  ['extension', 'each extension'],
  ['rollback', 'a rotation by hand, rolled back'],
  ['emergency', 'an immediate emergency, its key claimed'],
  ['observe', 'an observation, nothing rotates'],
  ['observedMinute', 'each minute of a rotating key in use'],
  ['sweep', 'a sweep, nothing due'],
  ['dueKey', 'each due key of a sweep'],
  ['issue', 'issuing a key'],
  ['seldom', 'a million authorizations, each with read and count'],
  ['busy', 'a million authorizations, ten a second of one key'],
];

const MILLIONS: readonly Scenario[] = ['seldom', 'busy'];

const countsOf = ({ counts }: CostResults, scenario: Scenario): Counts =>
  scaled(counts[scenario], MILLIONS.includes(scenario) ? PER_MILLION : 1);

const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 });
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** Counts by name, in the order of the page. */
type Named = readonly (readonly [string, Counts])[];

const KEY_OF_MANY = 'each key of an immediate emergency of ten thousand';

/** Events of keys: with each key's share of an emergency of many. */
const happenings = (results: CostResults, emergencies: EmergencyResults): Named => [
  ...ROWS.filter(([scenario]) => !MILLIONS.includes(scenario)).map(
    ([scenario, name]) => [name, results.counts[scenario]] as const,
  ),
  [KEY_OF_MANY, keyOfMany(emergencies)],
];

const authorizations = (results: CostResults): Named =>
  ROWS.filter(([scenario]) => MILLIONS.includes(scenario)).map(
    ([scenario, name]) => [name, countsOf(results, scenario)] as const,
  );

export function countsTable(results: CostResults, emergencies: EmergencyResults): string {
  return table(
    [
      'what',
      'transitions',
      'Lambda invocations',
      'read units',
      'write units',
      'KMS requests',
      'Secrets Manager requests',
      'events',
      "bytes of the functions' logs",
      "lines of the machine's log",
    ],
    [...happenings(results, emergencies), ...authorizations(results)].map(([name, counts]) => [
      name,
      number(counts.transitions),
      number(sum(Object.values(counts.invocations))),
      number(counts.readUnits),
      number(counts.writeUnits),
      number(requestsTo(counts, 'KMS')),
      number(requestsTo(counts, 'Secrets Manager')),
      number(counts.busEvents),
      number(counts.logBytes),
      number(counts.historyEvents),
    ]),
  );
}

export function requestsTable(results: CostResults): string {
  const operations = [
    ...new Set(ROWS.flatMap(([scenario]) => Object.keys(results.counts[scenario].requests))),
  ].sort();
  return table(
    ['request', ...ROWS.map(([, name]) => name)],
    operations.map((operation) => [
      operation,
      ...ROWS.map(([scenario]) => number(countsOf(results, scenario).requests[operation] ?? 0)),
    ]),
  );
}

/** Of a thousand of each, so that the figures can be read. */
export const billTable = (results: CostResults, emergencies: EmergencyResults): string =>
  bills(
    'a thousand times',
    happenings(results, emergencies).map(([name, counts]) => [name, scaled(counts, 1_000)] as const),
  );

export const authorizingBillTable = (results: CostResults): string => bills('once', authorizations(results));

const bills = (head: string, rows: Named): string =>
  table(
    [
      head,
      'Step Functions',
      'Lambda requests',
      'Lambda time, assumed',
      'DynamoDB',
      'KMS and Secrets Manager',
      'events',
      'logs',
      'traces',
      'in all, USD',
    ],
    rows.map(([name, counts]) => {
      const bill = billOf(counts);
      return [name, ...Object.values(bill).map(dollars), `**${dollars(totalOf(bill))}**`];
    }),
  );

export const standingTable = (results: CostResults): string => lines(standingLines(results));
export const metricsTable = (): string => lines(metricLines());

const lines = (all: readonly MonthlyLine[]): string =>
  table(
    ['each month', 'number', 'USD'],
    [
      ...all.map(({ what, count, usd }) => [what, number(Math.round(count)), dollars(usd)]),
      ['in all', '', `**${dollars(sumOf(all))}**`],
    ],
  );

export const fleetTable = (results: CostResults): string =>
  table(
    [
      'fleet',
      'rotations',
      'rotating and claiming',
      'sweeping',
      'observing, at most',
      'each month, metrics at most',
      'in all, USD',
    ],
    FLEETS.map((fleet) => {
      const month = fleetMonth(results, fleet);
      return [
        fleetName(fleet),
        number(Math.round(month.rotations)),
        dollars(month.rotating),
        dollars(month.sweeping),
        dollars(month.observing),
        dollars(month.standing),
        `**${dollars(month.total)}**`,
      ];
    }),
  );

export const pricesTable = (): string =>
  table(
    ['price', 'USD', 'for'],
    Object.values(PRICES).map(({ what, usd, per, unit, page }) => [
      `[${what}](${page})`,
      String(usd),
      per === 1 ? `one of ${unit}` : `${per.toLocaleString('en-US')} ${unit}`,
    ]),
  );

/** Each assumption with what doubling it adds to a scenario that feels it most. */
export function assumptionsTable(results: CostResults): string {
  const effect = (scenario: Scenario, part: 'lambdaTime' | 'logs' | 'traces', share = 1) => {
    const times = MILLIONS.includes(scenario) ? 1 : 1_000;
    const bill = billOf(scaled(countsOf(results, scenario), times));
    const more = bill[part] * share;
    const name = ROWS.find(([each]) => each === scenario)?.[1];
    const which = times === 1 ? name : `${name}, a thousand times`;
    return `${which}: ${dollars(more)} more, ${Math.round((100 * more) / totalOf(bill))} %`;
  };
  const { logBytes, historyEvents } = results.counts.rotation;
  const machineBytes = historyEvents * HISTORY_LINE_BYTES;
  const functionRow = (name: string, of: string, scenario: Scenario) => [
    `billed time of one invocation of the ${of}, at ${FUNCTIONS[name]?.megabytes} MB`,
    `${number(FUNCTIONS[name]?.milliseconds ?? 0)} ms`,
    effect(scenario, 'lambdaTime'),
  ];
  return table(
    ['assumed', 'value', 'if it were twice that'],
    [
      functionRow('authorizer', 'authorizer', 'seldom'),
      functionRow('rotation', 'rotation function', 'rotation'),
      functionRow('admin', 'admin function', 'issue'),
      functionRow('sweep', 'sweep, besides its pauses', 'sweep'),
      functionRow('observe', 'observation', 'observe'),
      [
        "a line of the machine's log",
        `${HISTORY_LINE_BYTES} bytes`,
        effect('rotation', 'logs', machineBytes / (machineBytes + logBytes)),
      ],
      ['traces recorded of an execution', `${TRACES_PER_EXECUTION}, the most`, effect('rotation', 'traces')],
      ['days of a month', number(DAYS_PER_MONTH), '–'],
    ],
  );
}
