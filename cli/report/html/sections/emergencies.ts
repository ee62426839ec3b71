/** Emergencies: how long a leaked key still worked. */
import type { EmergencyRow, Report } from '../../../../lambdas/core/domain/report/report.ts';
import { html } from '../../../../lambdas/functions/page-html.ts';
import { timesToRefuse } from '../charts/times-to-refuse.ts';
import type { Section } from '../section.ts';
import { type Column, table } from '../table.ts';
import { counted, lasted, or, time } from '../words.ts';

export function emergencies(report: Report): Section {
  const { rows, atOnce, atSetEnd } = report.record.emergencies;
  const boundMs = report.standing.revocationBoundMs;
  const slowestFirst = [...rows].sort((one, other) => (other.toRefusalMs ?? 0) - (one.toRefusalMs ?? 0));
  return {
    id: 'emergencies',
    title: 'From emergency to refusal',
    lead: `An emergency replaces a key that a stranger may know. Measured is the time from its order to the write from which on the old version is refused. As deployed, such a write holds everywhere within the stated revocation bound of ${lasted(boundMs)}.`,
    body: html`<dl class="facts">
<dt>Emergency rotations</dt><dd>${rows.length}</dd>
<dt>Refused at once</dt><dd>${atOnce ? html`${atOnce.count}: mean ${lasted(atOnce.meanMs)}, slowest ${lasted(atOnce.slowestMs)}; everywhere at the latest after ${lasted(atOnce.slowestMs + boundMs)}` : 'none'}</dd>
<dt>Refused at a set end</dt><dd>${atSetEnd ? html`${atSetEnd.count}: mean ${lasted(atSetEnd.meanMs)}, slowest ${lasted(atSetEnd.slowestMs)}, the grace period that was ordered included` : 'none'}</dd>
<dt>Not refused in the period</dt><dd>${counted(rows.filter(({ refusedAt }) => refusedAt === null).length, 'emergency rotation')}</dd>
</dl>
${timesToRefuse(report)}
${table<EmergencyRow>(columnsFor(report), slowestFirst, { caption: 'Emergency rotations', empty: 'none in this period.', order: 'the slowest' })}`,
  };
}

const HOW: Readonly<Record<string, string>> = {
  'at-once': 'at once',
  'at-set-end': 'at its set end',
  'by-revocation': 'with the whole key',
};

function columnsFor({ standing }: Report): readonly Column<EmergencyRow>[] {
  const firsts = new Map(standing.firstRefusals.map((row) => [`${row.keyId}/${row.rotationId}`, row]));
  return [
    { title: 'Key', value: (row) => html`<code>${row.keyId}</code>`, heads: true },
    { title: 'Owner', value: (row) => row.owner, align: 'name' },
    { title: 'Ordered', value: (row) => time(row.orderedAt) },
    { title: 'Refused', value: (row) => time(row.refusedAt) },
    {
      title: 'How',
      value: (row) => (row.refused ? (HOW[row.refused] ?? row.refused) : `not refused (${row.outcome})`),
    },
    { title: 'Order to refusal', value: (row) => lasted(row.toRefusalMs), align: 'right' },
    {
      title: 'First request refused',
      value: (row) => time(firsts.get(`${row.keyId}/${row.rotationId}`)?.at ?? null),
    },
    { title: 'Reason', value: (row) => or(row.reason), align: 'text' },
  ];
}
