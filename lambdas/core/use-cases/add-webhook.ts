/** Adds a webhook: its address is resolved and checked at once, its secret handed out this once. */
import { isSameAddress } from '../../../rules/mail-address.ts';
import { type Actor, type AuditEvent, CHAIN_START, chainEvent, headOf } from '../domain/audit-event.ts';
import type { Plaintext } from '../domain/plaintext.ts';
import {
  hostOf,
  MOST_WEBHOOKS,
  newWebhookId,
  newWebhookSecret,
  type Webhook,
  webhookChain,
} from '../domain/webhook.ts';
import type { Clock, RandomBytes } from '../ports/ambient.ts';
import type { WebhookPost, WebhookSecretSealer, WebhookStore } from '../ports/webhooks.ts';
import { AGAIN, untilSettled } from './until-settled.ts';
import type { WebhookOrder } from './webhook-order.ts';

export interface AddWebhookDeps {
  readonly webhooks: WebhookStore;
  readonly webhookSecrets: WebhookSecretSealer;
  readonly post: Pick<WebhookPost, 'trouble'>;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

export type AddedWebhook =
  | { readonly outcome: 'added'; readonly webhook: Webhook; readonly secret: Plaintext }
  | { readonly outcome: 'address'; readonly why: string }
  | { readonly outcome: 'too-many' }
  /** The same address for the same owner. */
  | { readonly outcome: 'exists'; readonly webhookId: string };

const TRIES = 3;

export async function addWebhook(
  deps: AddWebhookDeps,
  order: WebhookOrder,
  actor: Actor,
): Promise<AddedWebhook> {
  const add = async (): Promise<AddedWebhook | typeof AGAIN> => {
    // Of two at once for one address the second is not inserted, and finds the first here.
    const obstacle = await obstacleTo(deps, order);
    if (obstacle) return obstacle;
    const { webhook, event, secret } = await draft(deps, order, actor);
    const outcome = await deps.webhooks.insert(webhook, event);
    return outcome === 'inserted' ? { outcome: 'added', webhook, secret } : AGAIN;
  };
  return untilSettled(add, () => 'A webhook was not added: others were, at the same moments.', TRIES);
}

async function obstacleTo(
  { webhooks, post }: AddWebhookDeps,
  order: WebhookOrder,
): Promise<Exclude<AddedWebhook, { readonly outcome: 'added' }> | undefined> {
  const standing = (await webhooks.list()).filter(({ status }) => status !== 'removed');
  const same = standing.find(({ url, owner }) => url === order.url && isSameAddress(owner, order.owner));
  if (same) return { outcome: 'exists', webhookId: same.webhookId };
  if (standing.length >= MOST_WEBHOOKS) return { outcome: 'too-many' };
  const why = await post.trouble(order.url);
  return why === undefined ? undefined : { outcome: 'address', why };
}

async function draft(
  { webhookSecrets, clock, randomBytes }: AddWebhookDeps,
  order: WebhookOrder,
  actor: Actor,
): Promise<{ readonly webhook: Webhook; readonly event: AuditEvent; readonly secret: Plaintext }> {
  const atMs = clock();
  const webhookId = newWebhookId(randomBytes);
  const secret = newWebhookSecret(randomBytes);
  const { owner, events } = order;
  const event = chainEvent(
    webhookChain({ webhookId, ...(owner === undefined ? {} : { owner }) }),
    CHAIN_START,
    {
      action: 'webhook.added',
      actor,
      atMs,
      detail: { host: hostOf(order), events },
    },
  );
  const webhook: Webhook = {
    webhookId,
    ...order,
    status: 'enabled',
    statusSinceMs: atMs,
    createdAtMs: atMs,
    secrets: { current: await webhookSecrets.seal(webhookId, 1, secret), rotatedAtMs: atMs },
    audit: headOf(event),
    revision: 1,
  };
  return { webhook, event, secret };
}
