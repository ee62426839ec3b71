/** Dollars of a month: of what stands, of metrics, of fleets. */
import { table } from '../../report/markdown.ts';
import { dollars } from '../dollars.ts';
import { fleetMonth } from '../fleet-month.ts';
import { type MonthlyLine, mailLines, metricLines, standingLines, sumOf } from '../monthly.ts';
import type { CostResults } from '../results.ts';
import { FLEETS, fleetName } from '../summary.ts';
import { number } from './rows.ts';

export const standingTable = (results: CostResults): string => lines(standingLines(results));
export const mailTable = (): string => lines(mailLines());
export const metricsTable = (): string => lines(metricLines());

const lines = (all: readonly MonthlyLine[]): string =>
  table(
    ['each month', 'number', 'USD'],
    [
      ...all.map(({ what, count, usd }) => [what, number(Math.round(count)), dollars(usd)]),
      ['in all', '', `**${dollars(sumOf(all))}**`],
    ],
  );

export const fleetTable = (results: CostResults): string =>
  table(
    [
      'fleet',
      'rotations',
      'rotating and claiming',
      'sweeping',
      'observing, at most',
      'each month, metrics at most',
      'in all, USD',
    ],
    FLEETS.map((fleet) => {
      const month = fleetMonth(results, fleet);
      return [
        fleetName(fleet),
        number(Math.round(month.rotations)),
        dollars(month.rotating),
        dollars(month.sweeping),
        dollars(month.observing),
        dollars(month.standing),
        `**${dollars(month.total)}**`,
      ];
    }),
  );
