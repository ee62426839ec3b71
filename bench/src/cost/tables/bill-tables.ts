/** Dollars of what was counted, and the prices. */
import type { EmergencyResults } from '../../fleet/emergencies.ts';
import { table } from '../../report/markdown.ts';
import { billOf, totalOf } from '../bill.ts';
import { scaled } from '../counts.ts';
import { dollars } from '../dollars.ts';
import { PRICES } from '../prices.ts';
import type { CostResults } from '../results.ts';
import { authorizations, happenings, type Named } from './rows.ts';

/** Of a thousand of each, so that the figures can be read. */
export const billTable = (results: CostResults, emergencies: EmergencyResults): string =>
  bills(
    'a thousand times',
    happenings(results, emergencies).map(([name, counts]) => [name, scaled(counts, 1_000)] as const),
  );

export const authorizingBillTable = (results: CostResults): string => bills('once', authorizations(results));

const bills = (head: string, rows: Named): string =>
  table(
    [
      head,
      'Step Functions',
      'Lambda requests',
      'Lambda time, assumed',
      'DynamoDB',
      'KMS and Secrets Manager',
      'SES, SNS and SQS',
      'S3',
      'events',
      'logs',
      'traces',
      'in all, USD',
    ],
    rows.map(([name, counts]) => {
      const bill = billOf(counts);
      return [name, ...Object.values(bill).map(dollars), `**${dollars(totalOf(bill))}**`];
    }),
  );

export const pricesTable = (): string =>
  table(
    ['price', 'USD', 'for'],
    Object.values(PRICES).map(({ what, usd, per, unit, page }) => [
      `[${what}](${page})`,
      String(usd),
      per === 1 ? `one of ${unit}` : `${per.toLocaleString('en-US')} ${unit}`,
    ]),
  );
