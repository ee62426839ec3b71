/** Adds a webhook: its address is resolved and checked at once, its secret handed out this once. */
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

/** An id that is taken already is all but impossible. */
const DRAWN_IDS = 3;

export async function addWebhook(
  deps: AddWebhookDeps,
  order: WebhookOrder,
  actor: Actor,
): Promise<AddedWebhook> {
  const standing = (await deps.webhooks.list()).filter(({ status }) => status !== 'removed');
  if (standing.length >= MOST_WEBHOOKS) return { outcome: 'too-many' };
  const same = standing.find(({ url, owner }) => url === order.url && owner === order.owner);
  if (same) return { outcome: 'exists', webhookId: same.webhookId };
  const why = await deps.post.trouble(order.url);
  if (why !== undefined) return { outcome: 'address', why };
  const add = async (): Promise<AddedWebhook | typeof AGAIN> => {
    const { webhook, event, secret } = await draft(deps, order, actor);
    const outcome = await deps.webhooks.insert(webhook, event);
    return outcome === 'inserted' ? { outcome: 'added', webhook, secret } : AGAIN;
  };
  return untilSettled(add, () => 'No free id was found for a new webhook.', DRAWN_IDS);
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
