/** The part of docs/performance.md on deliveries. */
import { requestsTo } from '../count/tally.ts';
import { median, ratioOf, spreadOf } from '../measure/statistics.ts';
import { figure, ratio, table } from '../report/markdown.ts';
import { type DeliveriesResults, MEASURED, type MeasuredDelivery } from './results.ts';

const SERVICES = ['DynamoDB', 'KMS', 'Secrets Manager', 'SES', 'Lambda'] as const;

export const deliverySection = (results: DeliveriesResults): string => `### Deliveries

Measured by \`npm run bench -- deliveries\` on ${results.date.slice(0, 10)}: what each delivery adds to a rotation, from its start to its
wait for clients, when the new key is where its owner or client gets it. With delivery \`operator\` the key lies sealed
and nothing is called for it.

${timesTable(results)}

${countsTable(results)}

*Added* is the time beyond that of \`operator\` in the same round. The vault is on this machine: on a network of yours each of
its requests takes a round trip more. How long a client then takes to move is its own affair: one that polls, its poll; one
with \`keyturn-client\`, seconds after it sees the warning.

The rotation machine's own file was played with the functions' own handlers, the local cloud's services and OpenBao
${results.vault}, behind proxies that counted; ${rounds(results)} rounds in which the deliveries took turns, every round beginning with another, each
with a key of its own. In brackets stands what the middle half of the rounds fell into. ${results.machine.processor}, Node.js
${results.machine.node}, MiniStack ${results.emulator}; load when it began: ${results.machine.load}.
`;

const rounds = ({ deliveries }: DeliveriesResults): number => deliveries.operator.milliseconds.length;

function timesTable({ deliveries }: DeliveriesResults): string {
  const base = deliveries.operator.milliseconds;
  return table(
    ['delivery', "of `operator`'s time", 'added, ms', 'median, ms'],
    MEASURED.map((name) => {
      const { milliseconds } = deliveries[name];
      const added = milliseconds.map((value, round) => value - (base[round] as number));
      const isBase = name === 'operator';
      return [
        `\`${name}\``,
        isBase ? '1' : ratio(ratioOf(milliseconds, base)),
        isBase ? '–' : ratio(spreadOf(added)),
        figure(median(milliseconds)),
      ];
    }),
  );
}

function countsTable(results: DeliveriesResults): string {
  return table(
    ['delivery', 'transitions', ...SERVICES, 'vault'],
    MEASURED.map((name) => [`\`${name}\``, ...countsOf(results, name).map(String)]),
  );
}

function countsOf({ deliveries }: DeliveriesResults, name: MeasuredDelivery): readonly number[] {
  const { counts, vault } = deliveries[name];
  const { invocations } = counts;
  const sum = (values: Readonly<Record<string, number>>) =>
    Object.values(values).reduce((total, value) => total + value, 0);
  return [
    counts.transitions,
    ...SERVICES.map((service) => (service === 'Lambda' ? sum(invocations) : requestsTo(counts, service))),
    sum(vault),
  ];
}
