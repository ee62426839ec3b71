/** The part of docs/performance.md on emergencies of many keys. */
import type { Counts } from '../cost/counts.ts';
import { requestsTo } from '../count/tally.ts';
import { figure, table } from '../report/markdown.ts';
import type { EmergencyResult, EmergencyResults } from './emergencies.ts';

export const emergencySection = (results: EmergencyResults): string => `### Emergencies of many keys

Counted by \`npm run bench -- emergencies\` on ${results.date.slice(0, 10)}: immediate emergencies, from the command to the report. An
emergency's work grows with the keys of its target: for an owner it is the same whoever else holds keys, and ten times
the keys are ten times the work.

The run by itself, which finds the keys, orders their rotations and says what became of them:

${countsTable(results.emergencies, ({ run }) => run)}

The rotations that it ordered, where they were played:

${countsTable(
  results.emergencies.filter(({ rotations }) => rotations !== undefined),
  ({ rotations }) => rotations as Counts,
)}

Of each key:

${eachTable(results)}

The machines' own files were played with the functions' own handlers on the local cloud's DynamoDB, as for
[cost.md](cost.md), one batch of keys after the other, so that the run's calls could be told from the rotations'. The
rotations of a thousand keys were started and played whole. Those of ten thousand were started, and their outcome was
written in batches: what a rotation takes does not depend on how many there are. No times are given: with the machines
played in this process they would say nothing of AWS.
`;

const whole = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

const nameOf = ({ held, keys, target }: EmergencyResult): string =>
  target === 'owner' ? `an owner's ${whole(keys)} of ${whole(held)} held` : `all of ${whole(held)} held`;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function countsTable(
  emergencies: readonly EmergencyResult[],
  countsOf: (result: EmergencyResult) => Counts,
): string {
  return table(
    [
      'target',
      'transitions',
      'Lambda invocations',
      'DynamoDB requests',
      'read units',
      'write units',
      'starts',
      'KB sent and received',
    ],
    emergencies.map((result) => {
      const counts = countsOf(result);
      return [
        nameOf(result),
        whole(counts.transitions),
        whole(sum(Object.values(counts.invocations))),
        whole(requestsTo(counts, 'DynamoDB')),
        whole(counts.readUnits),
        whole(counts.writeUnits),
        whole(requestsTo(counts, 'Step Functions StartExecution')),
        whole((counts.sentBytes + counts.receivedBytes) / 1_000),
      ];
    }),
  );
}

function eachTable({ emergencies }: EmergencyResults): string {
  return table(
    [
      'target',
      'transitions of the run',
      'of the rotation',
      'DynamoDB requests of the run',
      'of the rotation',
      'write units of the run',
      'of the rotation',
    ],
    emergencies.map((result) => {
      const { run, rotations, keys } = result;
      const pair = (count: (counts: Counts) => number) => [
        figure(count(run) / keys),
        rotations ? figure(count(rotations) / keys) : '–',
      ];
      return [
        nameOf(result),
        ...pair(({ transitions }) => transitions),
        ...pair((counts) => requestsTo(counts, 'DynamoDB')),
        ...pair(({ writeUnits }) => writeUnits),
      ];
    }),
  );
}
