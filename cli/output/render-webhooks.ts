/** Webhooks as people read them. */
import type {
  WebhookAdminResults,
  WebhookDetails,
  WebhookHealthView,
  WebhookTested,
  WebhookTryView,
  WebhookView,
} from '../../lambdas/functions/admin/webhook-contract.ts';
import type { Paint } from './paint.ts';
import { block, type Column, table } from './table.ts';
import { fromNow, measured, moment } from './time.ts';

const KEEP_IT = 'Shown this once. Its receiver verifies each call by it: docs/webhooks.md has an example.';

export function webhookTable(
  { webhooks }: WebhookAdminResults['webhooks'],
  owner: string | undefined,
  paint: Paint,
  nowMs: number,
): string {
  if (webhooks.length === 0) {
    const whose = owner === undefined ? '' : ` of ${owner}`;
    return `There is no webhook${whose}. Add one with keyturn webhooks add <url>${owner === undefined ? '' : ` --owner ${owner}`}.\n`;
  }
  const columns: readonly Column<WebhookView>[] = [
    { title: 'WEBHOOK', value: ({ webhookId }) => webhookId, paint: (cell) => paint.bold(cell) },
    { title: 'URL', value: ({ url }) => url },
    { title: 'OWNER', value: ({ owner }) => owner ?? 'all' },
    { title: 'EVENTS', value: ({ events }) => eventsOf(events) },
    {
      title: 'STATUS',
      value: ({ status }) => status,
      paint: (cell, { status }) => paintStatus(cell, status, paint),
    },
    { title: 'SINCE', value: ({ statusSince }) => fromNow(statusSince, nowMs) },
  ];
  const disabled = webhooks.filter(({ status, statusReason }) => status === 'disabled' && statusReason);
  const why = disabled.map(({ webhookId, statusReason }) => `${webhookId}: ${statusReason}\n`).join('');
  return `${table(columns, webhooks, paint.dim)}\n${why === '' ? '' : `\n${why}`}`;
}

const eventsOf = (events: readonly string[]): string => (events.length === 0 ? 'all' : events.join(', '));

function paintStatus(cell: string, status: WebhookView['status'], paint: Paint): string {
  return status === 'enabled' ? paint.good(cell) : paint.bad(cell);
}

/** A webhook in a block of lines. */
export const webhookLine = (webhook: WebhookView, paint: Paint, nowMs: number): string =>
  `${block(webhookFacts(webhook, paint, nowMs), paint.dim)}\n`;

type Facts = readonly (readonly [label: string, value: string | null])[];

function webhookFacts(webhook: WebhookView, paint: Paint, nowMs: number): Facts {
  const { status, statusReason, statusSince, formerSecretUntil, secretSince } = webhook;
  return [
    ['webhook', paint.bold(webhook.webhookId)],
    ['url', webhook.url],
    ['description', webhook.description],
    ['owner', webhook.owner ?? 'none: it is told of all keys'],
    ['events', eventsOf(webhook.events)],
    ['status', `${paintStatus(status, status, paint)} since ${moment(statusSince, nowMs)}`],
    ['why', statusReason],
    ['secret', secretSince && `since ${moment(secretSince, nowMs)}`],
    ['former secret', formerSecretUntil && `signs too until ${moment(formerSecretUntil, nowMs)}`],
  ];
}

export function webhookAdded(added: WebhookAdminResults['add-webhook'], paint: Paint, nowMs: number): string {
  return `${webhookLine(added, paint, nowMs)}\n${added.secret}\n${paint.dim(KEEP_IT)}\n`;
}

export function rotatedSecret(
  { webhookId, secret, formerSecretUntil }: WebhookAdminResults['rotate-webhook-secret'],
  paint: Paint,
  nowMs: number,
): string {
  const until = formerSecretUntil
    ? `Calls of ${webhookId} are signed by both secrets until ${moment(formerSecretUntil, nowMs)}.`
    : `Calls of ${webhookId} are signed by this secret alone.`;
  return `${secret}\n${paint.dim(KEEP_IT)}\n${until}\n`;
}

export function webhookDetails(webhook: WebhookDetails, paint: Paint, nowMs: number): string {
  const { health, deliveries } = webhook;
  const log =
    deliveries.length === 0
      ? 'Nothing was sent within thirty days.'
      : table(deliveryColumns(paint, nowMs), deliveries, paint.dim);
  const facts = [...webhookFacts(webhook, paint, nowMs), ...healthFacts(health, paint, nowMs)];
  return `${block(facts, paint.dim)}\n\n${log}\n`;
}

const healthFacts = (health: WebhookHealthView, paint: Paint, nowMs: number): Facts => [
  ['delivered', `${health.delivered}${last(health.lastDeliveredAt, nowMs)}`],
  ['failed tries', `${health.failed}${last(health.lastFailedAt, nowMs)}`],
  [
    'failing',
    health.failingSince &&
      paint.bad(`since ${moment(health.failingSince, nowMs)}: ${health.failedInARow} in a row`),
  ],
];

const last = (at: string | null, nowMs: number): string => (at ? `, the last ${fromNow(at, nowMs)}` : '');

const deliveryColumns = (paint: Paint, nowMs: number): readonly Column<WebhookTryView>[] => [
  { title: 'WHEN', value: ({ at }) => fromNow(at, nowMs) },
  { title: 'EVENT', value: ({ type }) => type },
  { title: 'MESSAGE', value: ({ messageId }) => messageId },
  { title: 'TRY', value: ({ attempt }) => (attempt === 0 ? 'test' : String(attempt)) },
  { title: 'TOOK', value: ({ durationMs }) => measured(durationMs), align: 'right' },
  {
    title: 'OUTCOME',
    value: outcomeOf,
    paint: (cell, { delivered }) => (delivered ? paint.good(cell) : paint.bad(cell)),
  },
];

const outcomeOf = ({ delivered, status, failure }: WebhookTryView): string =>
  delivered ? `delivered (${status})` : (failure ?? 'failed');

export function testedWebhook(tested: WebhookTested, paint: Paint): string {
  const { webhookId, status, durationMs, answer, messageId } = tested;
  const outcome = tested.delivered
    ? paint.good(`delivered: it answered ${status} after ${measured(durationMs)}`)
    : paint.bad(`not delivered after ${measured(durationMs)}: ${tested.failure ?? 'it failed'}`);
  return `${webhookId}  ${outcome}\n${block(
    [
      ['message', messageId],
      ['answer', answer || null],
    ],
    paint.dim,
  )}\n`;
}

export const removedWebhook = ({ webhookId }: WebhookView, paint: Paint): string =>
  `${paint.bold(webhookId)} is removed: it is called no more, and what waited for it is not sent.\n`;
