/** The part of docs/performance.md on evidence reports. */
import { median, ratioOf } from '../measure/statistics.ts';
import { figure, ratio, table } from '../report/markdown.ts';
import type { EvidenceResults, Made } from './results.ts';

export const evidenceSection = (results: EvidenceResults): string => `### Evidence reports

Measured by \`npm run bench -- evidence\` on ${results.date.slice(0, 10)}: a report over events that come one at a time, its figures counted,
then its page, JSON and CSV made of them. An eighth of the events, less those that issue the keys, are rotations.

${tableOf(results)}

Time grows with events and keys, memory with rotations and keys: no event is kept. *Memory* is what the process grew by at
its peak. Ratios are to the first line of the same round, of ${results.sizes[0]?.rounds.length ?? 0} rounds in which the sizes took turns, each
in a process of its own; in brackets stands what the middle half fell into. ${results.machine.processor}, Node.js
${results.machine.node}; load when it began: ${results.machine.load}. Reading the events through the admin function comes on top.
`;

const totalMs = ({ countedMs, renderedMs }: Made): number => countedMs + renderedMs;

function tableOf({ sizes }: EvidenceResults): string {
  const base = sizes[0]?.rounds ?? [];
  const of = (rounds: readonly Made[], value: (made: Made) => number) => rounds.map(value);
  const ratioTo = (rounds: readonly Made[], value: (made: Made) => number) =>
    rounds === base ? '1' : ratio(ratioOf(of(rounds, value), of(base, value)));
  return table(
    [
      'events',
      'keys',
      'time, of the first',
      'memory, of the first',
      'counted, ms',
      'rendered, ms',
      'memory, MB',
    ],
    sizes.map(({ events, keys, rounds }) => [
      events.toLocaleString('en-US'),
      keys.toLocaleString('en-US'),
      ratioTo(rounds, totalMs),
      ratioTo(rounds, ({ grownMegabytes }) => grownMegabytes),
      figure(median(of(rounds, ({ countedMs }) => countedMs))),
      figure(median(of(rounds, ({ renderedMs }) => renderedMs))),
      figure(median(of(rounds, ({ grownMegabytes }) => grownMegabytes))),
    ]),
  );
}
