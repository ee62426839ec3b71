/** What clients ask, and how they are answered. */
import { Duration } from 'aws-cdk-lib';
import { Color, type IWidget, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { keyturnMetric } from '../keyturn-metric.ts';
import { graph, lines } from './graph.ts';

const SUMS = { statistic: 'Sum', period: Duration.minutes(1) } as const;

const perMinute = (title: string, ...of: Parameters<typeof lines>[1][]): IWidget =>
  graph(title, lines(SUMS, ...of), { label: 'a minute' });

export const requestsByAnswer = (): IWidget =>
  perMinute(
    'Requests by answer',
    ['Allowed', 'allowed', Color.GREEN],
    ['DeprecatingKeyUse', 'of these, with a deprecating key', Color.BROWN],
    ['Unauthenticated', 'refused: no accepted key (401)', Color.ORANGE],
    ['Forbidden', 'refused: scope or address (403)', Color.PURPLE],
    ['WrongKeys', 'refused: wrong or ended key', Color.RED],
  );

export const trouble = (): IWidget =>
  perMinute(
    'Faults, broken seals, and use of retired keys',
    ['AuthorizerFault', 'key could not be checked (500)', Color.RED],
    ['PepperFault', 'pepper could not be had', Color.BROWN],
    ['RetiredKeyUse', 'retired key used', Color.PURPLE],
    ['SealBroken', 'sealed key that does not open', Color.PINK],
  );

export const renewals = (): IWidget =>
  perMinute(
    'Renewals by clients',
    ['KeysRenewed', 'got their key', Color.GREEN],
    ['RenewalsRefused', 'refused', Color.ORANGE],
    ['RenewalKeysProposed', 'public keys proposed', Color.PURPLE],
    ['RenewalFault', 'not answered (500)', Color.RED],
  );

export const claims = (): IWidget =>
  perMinute(
    'Claim links',
    ['KeysClaimed', 'keys taken', Color.GREEN],
    ['ClaimsRefused', 'wrong links', Color.ORANGE],
    ['ClaimsDisputed', 'reported: taken by somebody else', Color.PURPLE],
    ['ClaimFault', 'not answered (500)', Color.RED],
  );

export const webhooks = (): IWidget =>
  perMinute(
    'Webhooks',
    ['WebhooksDelivered', 'events taken', Color.GREEN],
    ['WebhookTriesFailed', 'tries that failed', Color.ORANGE],
    ['WebhooksDisabled', 'webhooks disabled', Color.RED],
  );

export const requestsOfRotatingKeys = (): IWidget =>
  perMinute(
    'Requests of keys that rotate',
    ['OldVersionRequests', 'old version', Color.ORANGE],
    ['NewVersionRequests', 'new version', Color.GREEN],
    ['RefusedRequests', 'refused', Color.RED],
  );

/** Of sums, so that a busy minute weighs more than a quiet one. */
export function sharesOfRotatingKeys(): IWidget {
  const counted = {
    old: keyturnMetric('OldVersionRequests', SUMS),
    fresh: keyturnMetric('NewVersionRequests', SUMS),
    refused: keyturnMetric('RefusedRequests', SUMS),
  };
  const share = (expression: string, label: string, color: string, ...of: (keyof typeof counted)[]) =>
    new MathExpression({
      expression,
      label,
      color,
      period: SUMS.period,
      usingMetrics: Object.fromEntries(of.map((name) => [name, counted[name]])),
    });
  return graph(
    'Clients of rotating keys',
    [
      share('100 * fresh / (old + fresh)', 'moved to the new version', Color.GREEN, 'old', 'fresh'),
      share('100 * refused / (old + fresh + refused)', 'refused', Color.RED, 'old', 'fresh', 'refused'),
    ],
    { max: 100, label: 'percent of requests' },
  );
}
