/** What was aimed at, what came of it, and what to know where it was not reached. */
import type { Spread } from '../measure/statistics.ts';
import { STEADY_LATENCY_MS } from '../plan.ts';
import type { Results } from '../results.ts';
import { processorRatio, startRatio, timeRatio, timesAsFast } from './comparisons.ts';
import { ratio, table } from './markdown.ts';

interface Aim {
  readonly aim: string;
  readonly measured: Spread;
  readonly reached: (median: number) => boolean;
  /** Said where it is not reached. */
  readonly why: string;
}

const aimsOf = ({ localCloud, steadyStore, startOnLocalCloud, fromMemory }: Results): readonly Aim[] => [
  {
    aim: "(a) A request that reads: at most 1.15 of the floor's time, on the local cloud's DynamoDB",
    measured: timeRatio(localCloud.authorizer, localCloud.floor),
    reached: (median) => median <= 1.15,
    why: 'the emulator answers sooner than DynamoDB does, so that what the authorizer does besides the read weighs more here than there. The next line is nearer to it.',
  },
  {
    aim: `(a) The same on a store that takes ${STEADY_LATENCY_MS} ms`,
    measured: timeRatio(steadyStore.authorizer, steadyStore.floor),
    reached: (median) => median <= 1.15,
    why: 'see the processor time.',
  },
  {
    aim: '(a) The same in processor time, on the local cloud',
    measured: processorRatio(localCloud.authorizer, localCloud.floor),
    reached: (median) => median <= 1.15,
    why: 'the floor reads no event, checks no checksum, scopes and addresses, counts no use, answers with no policy and writes no line of log. The line of log is the largest part, about a quarter of what the authorizer spends from memory. It stays: it is the record of the decision and carries the metrics.',
  },
  {
    aim: "(c) The start, without Node's own: at most half of that of a plain authorizer on the SDK v3 that reads its pepper too, in time",
    measured: startRatio(startOnLocalCloud, 'plain-with-secret', 'milliseconds'),
    reached: (median) => median <= 0.5,
    why: START,
  },
  {
    aim: '(c) The same against a plain one with its pepper in an environment variable',
    measured: startRatio(startOnLocalCloud, 'plain', 'milliseconds'),
    reached: (median) => median <= 0.5,
    why: `it makes one call in all, Keyturn three on two connections, and each waits for the emulator. ${START}`,
  },
  {
    aim: '(c) That in processor time',
    measured: startRatio(startOnLocalCloud, 'plain', 'cpuMilliseconds'),
    reached: (median) => median <= 0.5,
    why: START,
  },
  {
    aim: "(d) A decision on a key, from memory: at least ten times as fast as `verifyApiKey` of better-auth's API key plugin on its fastest store",
    measured: timesAsFast(fromMemory, 'verify'),
    reached: (median) => median >= 10,
    why: 'both hash the key and look it up in a map; most of the rest is the count of the use.',
  },
  {
    aim: '(d) The whole authorizer from memory, against the same call',
    measured: timesAsFast(fromMemory, 'authorizer'),
    reached: (median) => median >= 10,
    why: '`verifyApiKey` reads no event, logs nothing and answers with no policy: the line above compares like with like. Most of what the authorizer adds to its decision is the line of log.',
  },
];

const START = "About half of Keyturn's start is Node loading http, https and crypto, as it does for both.";

export function aimsTable(results: Results): string {
  const aims = aimsOf(results);
  const rows = aims.map(({ aim, measured, reached }) => [
    aim,
    ratio(measured),
    reached(measured.median) ? 'yes' : 'no',
  ]);
  const missed = aims.filter(({ measured, reached }) => !reached(measured.median));
  const reasons = missed.map(({ aim, why }) => `- *${aim}*: ${why}`);
  return [
    table(['aim', 'measured', 'reached'], rows),
    ...(reasons.length > 0 ? [`What is not reached, and why:\n\n${reasons.join('\n')}`] : []),
  ].join('\n\n');
}
