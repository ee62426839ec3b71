/** The audit's part of docs/performance.md, from what one run gave. */
import { ratioOf } from '../measure/statistics.ts';
import { figure, ratio, table } from '../report/markdown.ts';
import type { AuditResults, CheckedSize } from './results.ts';

export const auditSection = (results: AuditResults): string => `## The audit

Written by \`npm run bench -- audit\` on ${results.date.slice(0, 10)}.

\`keyturn audit verify --file\` reads an export once. Its time grows with the events, its memory with the chains; what was
measured stands beside what a straight line through the first row would give, in processor time, since other work was done on
the machine. ${rounds(results)} rounds in which the sizes took turns, each
check in a process of its own that had checked the smallest export before; in brackets stands what the middle half of the
rounds fell into. Thirty digests each. ${results.machine.processor}, Node.js ${results.machine.node}; load when it began:
${results.machine.load}.

### More chains and events

${checkedTable(results.growing)}

### More events of the same chains

${checkedTable(results.sameChains)}

*Live heap* is the most that was alive at a time, above what the process had before, seen after collections every 2,000 records.

### A day's digest

A digest reads what is new: as much with eight times the events on record.

${digestTable(results)}
`;

const rounds = ({ growing }: AuditResults): number => growing[0]?.processorMilliseconds.length ?? 0;
const count = (number: number): string => number.toLocaleString('en-US');

function checkedTable(sizes: readonly CheckedSize[]): string {
  const [first] = sizes as readonly [CheckedSize];
  return table(
    ['events', 'chains', 'events, of the first', 'processor time, of the first', 'live heap, of the first'],
    sizes.map((size) => [
      count(size.events),
      count(size.chains),
      figure(size.events / first.events),
      size === first ? '1' : ratio(ratioOf(size.processorMilliseconds, first.processorMilliseconds)),
      size === first ? '1' : figure(size.liveMegabytes / first.liveMegabytes),
    ]),
  );
}

const digestTable = ({ digests }: AuditResults): string =>
  table(
    ['events on record', 'chains', 'new events', 'events read', 'chains read'],
    digests.map((each) =>
      [each.events, each.chains, each.newEvents, each.eventsRead, each.chainsRead].map(count),
    ),
  );
