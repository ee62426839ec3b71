/** What was aimed at, what came of it, and what to know where it was not reached. */
import type { Spread } from '../measure/statistics.ts';
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

const aimsOf = (results: Results): readonly Aim[] => [
  {
    aim: "(a) A request that reads: at most 1.15 of the floor's time, on the local cloud's DynamoDB",
    measured: timeRatio(results.localCloud.authorizer, results.localCloud.floor),
    reached: (median) => median <= 1.15,
    why: 'The emulator answers in about a millisecond, less than DynamoDB itself takes, so that the line of log, the headers and the count weigh more than on AWS: see the store of 2 ms.',
  },
  {
    aim: "(a) The same in processor time, which is no aim but what is left of the authorizer's own",
    measured: processorRatio(results.localCloud.authorizer, results.localCloud.floor),
    reached: (median) => median <= 1.15,
    why: 'The floor neither writes a line of log nor reads an event, checks a checksum, scopes and addresses, counts the use or answers with a policy. The line of log (Powertools Logger, with its metrics) is a quarter of what the authorizer spends from memory and stays, since it is the record of the decision.',
  },
  {
    aim: '(c) The start, without what Node itself takes: at most half of a plain authorizer on the SDK v3, in time',
    measured: startRatio(results.startOnLocalCloud, 'plain', 'milliseconds'),
    reached: (median) => median <= 0.5,
    why: "What is left is Node's own: loading its http, https and crypto takes about half of it, and Lambda's runtime has loaded most of that before a function starts.",
  },
  {
    aim: '(c) The same in processor time',
    measured: startRatio(results.startOnLocalCloud, 'plain', 'cpuMilliseconds'),
    reached: (median) => median <= 0.5,
    why: "What is left is Node's own: loading its http, https and crypto takes about half of it, and Lambda's runtime has loaded most of that before a function starts.",
  },
  {
    aim: "(d) Deciding on a key from memory: at least ten times as fast as `verifyApiKey` of better-auth's API key plugin on its fastest store",
    measured: timesAsFast(results.fromMemory, 'verify'),
    reached: (median) => median >= 10,
    why: 'Both hash the key and look it up in a map; most of the rest is the count of the use.',
  },
  {
    aim: '(d) The whole authorizer from memory against the same call',
    measured: timesAsFast(results.fromMemory, 'authorizer'),
    reached: (median) => median >= 10,
    why: '`verifyApiKey` reads no event, logs nothing and answers with no policy. Of what the authorizer spends beyond its decision, most is the line of log and reading the headers of the event.',
  },
];

export function aimsTable(results: Results): string {
  const aims = aimsOf(results);
  const rows = aims.map(({ aim, measured, reached }) => [
    aim,
    ratio(measured),
    reached(measured.median) ? 'yes' : 'no',
  ]);
  const missed = aims.filter(({ measured, reached }) => !reached(measured.median));
  const reasons = missed.map(({ aim, why }) => `- ${aim}: ${why}`);
  return [
    table(['aim', 'measured', 'reached'], rows),
    ...(reasons.length > 0 ? [`What is not reached, and why:\n\n${reasons.join('\n')}`] : []),
  ].join('\n\n');
}
