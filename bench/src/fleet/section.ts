/** The fleet's part of docs/performance.md, from what one run gave. */
import { requestsTo } from '../count/tally.ts';
import { figure, ratio, table } from '../report/markdown.ts';
import { countRatio, lookupMs, processorMs, requestCount, roundRatio, workMs } from './comparisons.ts';
import { type Comparison, SAME_DUE, TEN_TIMES_DUE } from './plan.ts';
import type { FleetResults } from './results.ts';

/** The authorizer's part stands before it, and a run of either leaves the other's as it is. */
export const FLEET_HEADING = '## The fleet';

export const fleetSection = (results: FleetResults): string => `${FLEET_HEADING}

Written by \`npm run bench -- fleet\` on ${results.date.slice(0, 10)}.

A sweep's work grows with the keys that are due, not with the keys that are held: the requests of a sweep are the same
with ten times the keys, and ten times as many with ten times the keys due.

### One sweep, counted

${countsTable(results)}

*Pauses* are what the sweep would wait between its waves of ${results.startsPerSecond}, the default, by the mean of what chance gives; here its
clock was moved on instead, and none of the times below has them in it. A sweep ends after 15 minutes at the latest.
The heap is the highest that was in use at the end of a wave, garbage included; the function has 256 MB.

### Ten times the keys held

${comparisonTable(results, SAME_DUE)}

### Ten times the keys due

${comparisonTable(results, TEN_TIMES_DUE)}

*Work* is the time from the first key's read to the last start, *processor time* the sweeping process's own for all of
it. The *look-up* of the due keys is apart: on DynamoDB it reads a range of an index, but the local cloud walks the whole
table for any query of an index, so that its time here grows with the keys held. A process that starts a hundred
rotations is still compiling its code, which makes ten times the keys cheaper than ten times the time. The counts are what
holds on AWS.

### How the fleet is measured

- The items are those that issuing writes, made by the store adapter and put into the table in batches. Due keys fell due
  within the last half day, the others will in the months to come.
- The sweep, the index and the starts are the deployed ones: the use case with its adapters in the functions' bundle
  options. Executions are really started, on a state machine that ends at once: ten thousand rotations at a time would
  measure the emulator.
- A proxy counted the requests of one sweep of each fleet; write and read units as in [cost.md](cost.md). Then each
  fleet was swept ${results.sweeps[0]?.rounds.length ?? 0} times in turns without it, each in a process of its own, and every round began with another.
  Ratios are of the same round; in brackets stands what the middle half fell into.
- ${results.machine.processor}, ${results.machine.memory}, Node.js ${results.machine.node}, MiniStack ${results.emulator}; load when it began: ${results.machine.load}.
`;

function countsTable({ sweeps }: FleetResults): string {
  const whole = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 0 });
  return table(
    [
      'held',
      'due',
      'queries',
      'reads of keys',
      'starts',
      'read units',
      'KB sent and received',
      'pauses',
      'heap, MB',
      'process, MB',
    ],
    sweeps.map(({ held, due, tally, counted }) => [
      whole(held),
      whole(due),
      whole(requestsTo(tally, 'DynamoDB Query')),
      whole(requestsTo(tally, 'DynamoDB GetItem')),
      whole(requestsTo(tally, 'Step Functions StartExecution')),
      whole(tally.readUnits),
      whole((tally.sentBytes + tally.receivedBytes) / 1_000),
      `${figure(counted.pausedMs / 60_000)} min`,
      figure(counted.peakHeapMegabytes),
      figure(counted.peakMegabytes),
    ]),
  );
}

function comparisonTable(results: FleetResults, comparisons: readonly Comparison[]): string {
  return table(
    ['', 'requests', 'read units', 'work', 'processor time', 'look-up, here'],
    comparisons.map((comparison) => [
      comparison.what,
      figure(countRatio(results, comparison, requestCount)),
      figure(countRatio(results, comparison, ({ tally }) => tally.readUnits)),
      ratio(roundRatio(results, comparison, workMs)),
      ratio(roundRatio(results, comparison, processorMs)),
      ratio(roundRatio(results, comparison, lookupMs)),
    ]),
  );
}
