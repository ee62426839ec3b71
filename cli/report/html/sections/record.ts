/** Changes of keys, security events, and who did what. */
import type {
  ActorRow,
  Count,
  KeyChangeRow,
  Report,
  SecurityRow,
} from '../../../../lambdas/core/domain/report/report.ts';
import { html } from '../../../../lambdas/functions/page-html.ts';
import type { Section } from '../section.ts';
import { type Column, table } from '../table.ts';
import { number, or, time } from '../words.ts';

export function keyChanges({ record }: Report): Section {
  const { rows, ...counts } = record.keys;
  const named = rows.filter(({ action }) => action !== 'key.issued');
  return {
    id: 'keys',
    title: 'Keys issued, disabled, revoked',
    lead: 'Changes of whole keys, as they are on record.',
    body: html`<dl class="facts">${Object.entries(counts).map(
      ([change, count]) => html`<dt>${change}</dt><dd>${number(count)}</dd>`,
    )}</dl>
${table<KeyChangeRow>(CHANGES, named, { caption: 'Changes of keys, other than being issued', empty: 'none in this period.' })}
${table<KeyChangeRow>(
  CHANGES.filter(({ title }) => title !== 'Reason'),
  rows.filter(({ action }) => action === 'key.issued'),
  { caption: 'Keys issued', empty: 'none in this period.', order: 'the earliest' },
)}`,
  };
}

export const security = ({ record }: Report): Section => ({
  id: 'security',
  title: 'Security events',
  lead: 'What an attack or an accident leaves on record: seals that were broken, claims that were disputed, links and renewals that were refused, keys used that are refused.',
  body: table<SecurityRow>(SECURITY, record.security, {
    caption: 'Security events by kind and chain',
    empty: 'none in this period.',
  }),
});

export const actors = ({ record }: Report): Section => ({
  id: 'actors',
  title: 'Who did what',
  lead: 'Every event names who acted and through what. Parts of Keyturn that act by themselves are named keyturn:…. Whom a tool stated without a proof is marked as stated.',
  body: table<ActorRow>(ACTORS, record.actors, {
    caption: 'Actors and what they did',
    empty: 'nobody acted in this period.',
    order: 'the busiest',
  }),
});

/** Who was stated alone is not to look like whom AWS has named. */
const named = (principal: string, proven: boolean | null): string =>
  proven === false ? `${principal} (stated)` : principal;

const CHANGES: readonly Column<KeyChangeRow>[] = [
  { title: 'Key', value: (row) => html`<code>${row.keyId}</code>`, heads: true },
  { title: 'Owner', value: (row) => row.owner, align: 'name' },
  { title: 'Change', value: (row) => row.action.slice('key.'.length) },
  { title: 'At', value: (row) => time(row.at) },
  { title: 'By', value: (row) => named(row.by, row.proven), align: 'name' },
  { title: 'Reason', value: (row) => or(row.reason), align: 'text' },
];

const SECURITY: readonly Column<SecurityRow>[] = [
  { title: 'Event', value: (row) => row.action, heads: true },
  { title: 'Chain', value: (row) => html`<code>${row.chain}</code>` },
  { title: 'Owner', value: (row) => or(row.owner), align: 'name' },
  { title: 'Events', value: (row) => number(row.count), align: 'right' },
  { title: 'Requests', value: (row) => number(row.requests), align: 'right' },
  { title: 'First', value: (row) => time(row.firstAt) },
  { title: 'Last', value: (row) => time(row.lastAt) },
];

const listed = (counts: readonly Count[]): string =>
  counts.map(({ of, count }) => `${of} ${number(count)}`).join(', ');

const ACTORS: readonly Column<ActorRow>[] = [
  { title: 'Principal', value: (row) => named(row.principal, row.proven), align: 'name', heads: true },
  { title: 'Through', value: (row) => row.via },
  { title: 'Events', value: (row) => number(row.events), align: 'right' },
  { title: 'Unsuccessful', value: (row) => number(row.unsuccessful), align: 'right' },
  { title: 'First', value: (row) => time(row.firstAt) },
  { title: 'Last', value: (row) => time(row.lastAt) },
  { title: 'What', value: (row) => listed(row.actions), align: 'text' },
];
