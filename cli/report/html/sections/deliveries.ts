/** How far clients moved, and which new versions reached their owners. */
import type { Count, ReceiptRow, Report } from '../../../../lambdas/core/domain/report/report.ts';
import { html } from '../../../../lambdas/functions/page-html.ts';
import { migrationCurves } from '../charts/migration-curves.ts';
import type { Section } from '../section.ts';
import { type Column, table } from '../table.ts';
import { counted, number, or, time } from '../words.ts';

export const migrations = (report: Report): Section => ({
  id: 'migrations',
  title: 'Migrations',
  lead: 'While both versions are accepted, the share of requests that use the new one says how far the clients have moved. Known where it was measured: at reminders, early looks and judgements.',
  body: migrationCurves(report),
});

export function deliveries({ record, standing }: Report): Section {
  const { versions, received, failedTries } = record.deliveries;
  return {
    id: 'deliveries',
    title: 'Deliveries',
    lead: 'Key versions that were made in the period, and whether their owners are known to have received them.',
    body: html`<p>${counted(versions, 'version')} made; ${number(failedTries)} failed tries to deliver one.</p>
${table<Count>(
  [
    { title: 'Received by', value: ({ of }) => WAYS[of] ?? of, heads: true },
    { title: 'Versions', value: ({ count }) => count, align: 'right' },
  ],
  received,
  { caption: 'Versions received, by the way', empty: 'none is on record as received.' },
)}
${table<ReceiptRow>(OPEN, standing.receipts, { caption: 'Versions without a receipt in the period', empty: 'none.' })}`,
  };
}

const WAYS: Readonly<Record<string, string>> = {
  issue: 'the command that issued it',
  claim: 'an operator’s claim',
  link: 'a claim link',
  placed: 'being put where its client reads it',
  renewal: 'the client’s own renewal',
};

const STATES: Readonly<Record<ReceiptRow['state'], string>> = {
  'received-since': 'received after the period',
  used: 'in use, so its owner has it',
  'not-received': 'NOT RECEIVED',
  'retired-unreceived': 'retired without having been received',
  'not-known': 'not known any more',
};

const OPEN: readonly Column<ReceiptRow>[] = [
  { title: 'Key', value: (row) => html`<code>${row.keyId}</code>`, heads: true },
  { title: 'Owner', value: (row) => row.owner, align: 'name' },
  { title: 'Version', value: (row) => row.version, align: 'right' },
  { title: 'Made', value: (row) => time(row.madeAt) },
  { title: 'State', value: (row) => STATES[row.state] },
  { title: 'Since', value: (row) => time(row.receivedAt) },
  { title: 'Failed tries', value: (row) => row.failedTries, align: 'right' },
  { title: 'Last failure', value: (row) => or(row.failure), align: 'text' },
];
