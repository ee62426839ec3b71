/** The figures that are asked for first. */
import type { Report } from '../../../lambdas/core/domain/report/report.ts';
import { type Html, html } from '../../../lambdas/functions/page-html.ts';
import { lasted, number } from './words.ts';

interface Tile {
  readonly figure: string;
  readonly of: string;
  readonly alarming?: boolean;
}

export const tilesOf = (report: Report): Html =>
  html`<h2 class="tiles-head">At a glance</h2>
<ul class="tiles">${tiles(report).map(
    ({ figure, of, alarming }) =>
      html`<li${alarming ? html` class="alarming"` : undefined}><strong>${figure}</strong><span>${of}</span></li>`,
  )}</ul>`;

/** Each breaks between its figures, not within one. */
const whole = (...figures: readonly string[]): string =>
  figures.map((figure) => figure.replaceAll(' ', '\u00a0')).join(' ');

function tiles({ record, standing }: Report): readonly Tile[] {
  const sum = (of: 'completed' | 'failed' | 'rolledBack') =>
    record.rotations.outcomes.reduce((total, row) => total + row[of], 0);
  const standings = (of: 'within' | 'overdue' | 'exempt') =>
    standing.policies.reduce((total, { standings: counts }) => total + counts[of], 0);
  const all = record.rotations.durations.find(({ purpose }) => purpose === 'all')?.spread;
  const incidents = record.security.reduce((total, { count }) => total + count, 0);
  const { atOnce } = record.emergencies;
  return [
    { figure: number(sum('completed')), of: 'rotations completed' },
    {
      figure: `${number(sum('failed'))} / ${number(sum('rolledBack'))}`,
      of: 'rotations failed / rolled back',
    },
    {
      figure: all ? whole(`${lasted(all.meanMs)} /`, lasted(all.slowestMs)) : '–',
      of: 'mean / slowest rotation',
    },
    {
      figure: atOnce ? lasted(atOnce.slowestMs) : '–',
      of: 'slowest emergency, order to refusal at once',
    },
    {
      figure: `${number(standings('within'))} of ${number(standing.counts.enabled)}`,
      of: 'enabled keys within their policy',
    },
    {
      figure: `${number(standings('overdue'))} / ${number(standings('exempt'))}`,
      of: 'keys overdue / exempt past their policy',
      alarming: standings('overdue') > 0,
    },
    { figure: number(incidents), of: 'security events', alarming: incidents > 0 },
    { figure: number(record.events.count), of: 'events on record in the period' },
  ];
}
