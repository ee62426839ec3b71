/** What a deployment costs each month whether or not anything happens. */
import { priceOf } from './prices.ts';

interface MonthlyLine {
  readonly what: string;
  readonly price: Parameters<typeof priceOf>[0];
  readonly count: number;
  /** Of the month; a metric is billed for the hours that have values. */
  readonly share: number;
}

/** A unit test holds the stack to the numbers of keys, secrets and alarms. */
export const MONTHLY: readonly MonthlyLine[] = [
  {
    what: 'KMS keys; each of the first two yearly rotations adds $1 a month per key',
    price: 'kmsKey',
    count: 2,
    share: 1,
  },
  { what: 'secrets: the pepper, and the one of challenges', price: 'secret', count: 2, share: 1 },
  {
    what: 'metrics of the authorizer, if every one occurs in every hour; none per key',
    price: 'metric',
    count: 7,
    share: 1,
  },
  { what: 'metrics of the sweep, one hour a day', price: 'metric', count: 5, share: 1 / 24 },
  { what: 'metrics of renewals, one hour a day', price: 'metric', count: 4, share: 1 / 24 },
  { what: 'alarms', price: 'alarm', count: 1, share: 1 },
];

export const monthlyDollars = ({ price, count, share }: MonthlyLine): number => priceOf(price, count) * share;

export const eachMonth = (): number => MONTHLY.reduce((total, line) => total + monthlyDollars(line), 0);
