/** What was counted. */
import { requestsTo } from '../../count/tally.ts';
import type { EmergencyResults } from '../../fleet/emergencies.ts';
import { table } from '../../report/markdown.ts';
import type { CostResults } from '../results.ts';
import { authorizations, countsOf, happenings, number, ROWS } from './rows.ts';

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
      'S3 requests',
      'mails',
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
      number(requestsTo(counts, 'S3')),
      number(requestsTo(counts, 'SES')),
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

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
