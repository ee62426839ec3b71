/** What operators ask about webhooks: add, list, look, test, another secret, on, off, away. */
import { parseFreeText } from '../../../rules/free-text.ts';
import { isSameAddress } from '../../../rules/mail-address.ts';
import type { Actor } from '../../core/domain/audit-event.ts';
import { isWebhookId, MOST_WEBHOOKS, type WebhookStatus } from '../../core/domain/webhook.ts';
import type { AddressRules } from '../../core/domain/webhook-url.ts';
import type { WebhookLog } from '../../core/ports/webhooks.ts';
import { type AddWebhookDeps, addWebhook } from '../../core/use-cases/add-webhook.ts';
import { rotateWebhookSecret, setWebhookStatus } from '../../core/use-cases/manage-webhook.ts';
import { type TestWebhookDeps, testWebhook } from '../../core/use-cases/test-webhook.ts';
import { parseWebhookOrder } from '../../core/use-cases/webhook-order.ts';
import type { Answer } from './actions.ts';
import { badRequest, brokenSeal, failure, success } from './outcomes.ts';
import { formerSecretUntil, healthView, tryView, webhookView } from './webhook-views.ts';

export interface WebhookAdminDeps extends AddWebhookDeps, TestWebhookDeps {
  readonly post: AddWebhookDeps['post'] & TestWebhookDeps['post'];
  readonly log: WebhookLog;
  readonly addressRules: AddressRules;
}

interface OneWebhook {
  readonly webhookId: string;
}

const LONGEST_REASON = 500;
const DELIVERIES_SHOWN = 20;

export async function add(deps: WebhookAdminDeps, input: object, actor: Actor): Answer<'add-webhook'> {
  const order = parseWebhookOrder(input as Readonly<Record<string, unknown>>, deps.addressRules);
  if (!order.ok) return badRequest(order);
  const added = await addWebhook(deps, order.value, actor);
  switch (added.outcome) {
    case 'added':
      return success({
        ...webhookView(added.webhook, deps.clock()),
        secret: added.secret.reveal(),
      });
    case 'address':
      return failure(
        'address-refused',
        `The webhook cannot be at this address. ${added.why}`,
        'Its name must resolve to public addresses alone, now and at each call.',
      );
    case 'exists':
      return failure(
        'conflict',
        `Webhook ${added.webhookId} has this address and this owner already.`,
        `See it with \`keyturn webhooks show ${added.webhookId}\`; remove it first to add it with other events.`,
      );
    case 'too-many':
      return failure(
        'conflict',
        `There are ${MOST_WEBHOOKS} webhooks, and no more can be.`,
        'Remove one that is not needed: `keyturn webhooks list`.',
      );
  }
}

export async function list(
  { webhooks, clock }: WebhookAdminDeps,
  { owner }: { readonly owner?: string },
): Answer<'webhooks'> {
  const found = (await webhooks.list())
    .filter(
      (webhook) =>
        webhook.status !== 'removed' && (owner === undefined || isSameAddress(webhook.owner, owner)),
    )
    .sort((left, right) => left.createdAtMs - right.createdAtMs);
  return success({ webhooks: found.map((webhook) => webhookView(webhook, clock())) });
}

export async function show(deps: WebhookAdminDeps, { webhookId }: OneWebhook): Answer<'webhook'> {
  const webhook = isWebhookId(webhookId) ? await deps.webhooks.find(webhookId) : undefined;
  if (!webhook) return unknownWebhook(webhookId);
  const [health, tries] = await Promise.all([
    deps.log.health(webhookId),
    deps.log.latest(webhookId, DELIVERIES_SHOWN),
  ]);
  return success({
    ...webhookView(webhook, deps.clock()),
    health: healthView(health),
    deliveries: tries.map(tryView),
  });
}

export async function test(
  deps: WebhookAdminDeps,
  { webhookId }: OneWebhook,
  actor: Actor,
): Answer<'test-webhook'> {
  if (!isWebhookId(webhookId)) return unknownWebhook(webhookId);
  const tested = await testWebhook(deps, webhookId, actor);
  switch (tested.outcome) {
    case 'tested': {
      const answer = tested.posted.outcome === 'answered' ? tested.posted.body : '';
      return success({ webhookId, ...tryView(tested.tried), answer });
    }
    case 'broken':
      return brokenSeal(`The secret of webhook ${webhookId} does not open.`);
    case 'removed':
      return removedWebhook(webhookId);
    case 'unknown':
      return unknownWebhook(webhookId);
  }
}

export async function rotateSecret(
  deps: WebhookAdminDeps,
  { webhookId, immediate = false }: OneWebhook & { readonly immediate?: boolean },
  actor: Actor,
): Answer<'rotate-webhook-secret'> {
  if (!isWebhookId(webhookId)) return unknownWebhook(webhookId);
  const rotated = await rotateWebhookSecret(deps, webhookId, immediate === true, actor);
  if (rotated.outcome === 'unknown') return unknownWebhook(webhookId);
  if (rotated.outcome === 'removed') return removedWebhook(webhookId);
  return success({
    webhookId,
    secret: rotated.secret.reveal(),
    formerSecretUntil: formerSecretUntil(rotated.webhook, deps.clock()),
  });
}

/** @param mustSayWhy whether an operator has to give a reason */
export async function setStatus(
  deps: WebhookAdminDeps,
  to: WebhookStatus,
  { webhookId, reason: stated }: OneWebhook & { readonly reason?: string },
  actor: Actor,
  mustSayWhy: boolean,
): Answer<'enable-webhook'> {
  const reason =
    stated === undefined && !mustSayWhy ? undefined : parseFreeText(stated, 'reason', LONGEST_REASON);
  if (reason?.ok === false) return badRequest(reason);
  if (!isWebhookId(webhookId)) return unknownWebhook(webhookId);
  const by = { actor, ...(reason ? { reason: reason.value } : {}) };
  const outcome = await setWebhookStatus(deps, webhookId, to, by);
  if (outcome === 'removed') return removedWebhook(webhookId);
  const webhook = await deps.webhooks.find(webhookId);
  return webhook ? success(webhookView(webhook, deps.clock())) : unknownWebhook(webhookId);
}

const unknownWebhook = (webhookId: unknown) =>
  failure(
    'unknown-webhook',
    `There is no webhook '${String(webhookId).slice(0, 60)}'.`,
    'See the ids with `keyturn webhooks list`.',
  );

const removedWebhook = (webhookId: string) =>
  failure(
    'webhook-removed',
    `Webhook ${webhookId} is removed for good.`,
    'Add it anew with `keyturn webhooks add`: it gets another id and another secret.',
  );
