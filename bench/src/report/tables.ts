/** The tables of the page: ratios first. */
import { STORE_NAMES, STORES } from '../better-auth.ts';
import { median, quantile } from '../measure/statistics.ts';
import { STEADY_LATENCY_MS } from '../plan.ts';
import type { FromStart, Results, WithRead } from '../results.ts';
import {
  allTimes,
  beyondNode,
  fastestStore,
  processorRatio,
  processorTimes,
  startRatio,
  timeRatio,
  timesAsFast,
} from './comparisons.ts';
import { figure, ratio, table } from './markdown.ts';

export function withReadTable(results: Results): string {
  const stores: readonly (readonly [string, WithRead])[] = [
    ["local cloud's DynamoDB", results.localCloud],
    [`answers after ${STEADY_LATENCY_MS} ms`, results.steadyStore],
    ['answers at once', results.storeAtOnce],
  ];
  const names = ['floor', 'authorizer', 'plain'] as const;
  const rows = stores.flatMap(([store, measured]) =>
    names.map((name) => {
      const rounds = measured[name];
      return [
        store,
        SUBJECT_NAMES[name],
        name === 'floor' ? '1' : ratio(timeRatio(rounds, measured.floor)),
        name === 'floor' ? '1' : ratio(processorRatio(rounds, measured.floor)),
        figure(median(allTimes(rounds))),
        figure(quantile(allTimes(rounds), 0.99)),
        figure(median(processorTimes(rounds))),
      ];
    }),
  );
  return table(
    [
      'store',
      'authorizer',
      'time, of the floor',
      'processor time, of the floor',
      'median, µs',
      'p99, µs',
      'processor time, µs',
    ],
    rows,
  );
}

export function startTable(results: Results): string {
  const stores: readonly (readonly [string, FromStart])[] = [
    ['local cloud', results.startOnLocalCloud],
    ['answers at once', results.startAtOnce],
  ];
  const names = ['authorizer', 'plain', 'plain-with-secret'] as const;
  const rows = stores.flatMap(([store, starts]) =>
    names.map((name) => [
      store,
      SUBJECT_NAMES[name],
      name === 'authorizer' ? '1' : ratio(startRatio(starts, name, 'milliseconds')),
      name === 'authorizer' ? '1' : ratio(startRatio(starts, name, 'cpuMilliseconds')),
      figure(median(beyondNode(starts, name, 'milliseconds'))),
      figure(median(beyondNode(starts, name, 'cpuMilliseconds'))),
      figure(median(starts[name].map(({ peakMegabytes }) => peakMegabytes))),
    ]),
  );
  return table(
    [
      'store',
      'function',
      "Keyturn's time, of this one's",
      "Keyturn's processor time, of this one's",
      'time, ms',
      'processor time, ms',
      'peak memory, MB',
    ],
    rows,
  );
}

export function fromMemoryTable({ fromMemory, storeAtOnce }: Results): string {
  const fastest = fastestStore(fromMemory);
  const row = (name: string, times: string, microseconds: number) => [
    name,
    times,
    figure(1_000_000 / microseconds),
    figure(microseconds),
  ];
  const timeOf = (rounds: Parameters<typeof processorTimes>[0]) => median(processorTimes(rounds));
  const withRead = timeOf(storeAtOnce.authorizer);
  return table(
    ['what', 'times as fast as better-auth at its fastest', 'per second on one core', 'processor time, µs'],
    [
      row("Keyturn's decision", ratio(timesAsFast(fromMemory, 'verify')), timeOf(fromMemory.verify)),
      row(
        'Keyturn: whole authorizer, from memory',
        ratio(timesAsFast(fromMemory, 'authorizer')),
        timeOf(fromMemory.authorizer),
      ),
      row(
        'Keyturn: whole authorizer, with a read that is answered at once',
        // Not of the same rounds: read and memory are measured one after the other.
        figure(timeOf(fromMemory[fastest] ?? []) / withRead),
        withRead,
      ),
      ...STORES.flatMap((store) => {
        const rounds = fromMemory[store];
        const times = store === fastest ? '1' : ratio(timesAsFast(fromMemory, store));
        return rounds ? [row(`better-auth, ${STORE_NAMES[store]}`, times, timeOf(rounds))] : [];
      }),
    ],
  );
}

export function bundleTable({ bundles }: Results): string {
  const size = (name: keyof typeof bundles, label: string) => [
    label,
    figure(bundles[name].bytes / bundles.authorizer.bytes),
    bundles[name].bytes.toLocaleString('en-US'),
  ];
  return table(
    ['function', "of the authorizer's", 'bytes'],
    [
      size('authorizer', 'authorizer'),
      size('rotation', 'rotation'),
      size('admin', 'admin'),
      size('example-mcp-server', 'example MCP server'),
      size('plain', 'plain authorizer'),
      size('plain-with-secret', 'plain authorizer that reads its pepper'),
      size('floor', 'the floor'),
    ],
  );
}

const SUBJECT_NAMES = {
  floor: 'the floor',
  authorizer: 'Keyturn',
  plain: 'plain',
  'plain-with-secret': 'plain, reads its pepper',
} as const;
