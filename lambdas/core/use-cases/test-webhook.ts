/** Sends a signed test to a webhook's receiver at once, and says what came back. */
import type { Actor } from '../domain/audit-event.ts';
import type { Webhook } from '../domain/webhook.ts';
import { WEBHOOK_TEST_TYPE } from '../domain/webhook-events.ts';
import { webhookMessage } from '../domain/webhook-message.ts';
import type { RandomBytes } from '../ports/ambient.ts';
import type { WebhookStore } from '../ports/webhooks.ts';
import { type CalledWebhook, type CallWebhookDeps, callWebhook } from './call-webhook.ts';
import { changeWebhook, type WebhookDecision } from './change-webhook.ts';

export interface TestWebhookDeps extends CallWebhookDeps {
  readonly webhooks: WebhookStore;
  readonly randomBytes: RandomBytes;
}

export type TestedWebhook =
  | (CalledWebhook & { readonly outcome: 'tested' })
  | { readonly outcome: 'unknown' | 'removed' | 'broken' };

const ID_BYTES = 16;

/** A disabled one too: that is how its receiver is found to work again. */
export async function testWebhook(
  deps: TestWebhookDeps,
  webhookId: string,
  actor: Actor,
): Promise<TestedWebhook> {
  const webhook = await deps.webhooks.find(webhookId);
  if (!webhook) return { outcome: 'unknown' };
  const { secrets } = webhook;
  if (!secrets) return { outcome: 'removed' };
  const once = Buffer.from(deps.randomBytes(ID_BYTES)).toString('hex');
  const content = { type: WEBHOOK_TEST_TYPE, atMs: deps.clock(), data: { webhookId } };
  const called = await callWebhook(deps, { ...webhook, secrets }, webhookMessage(once, content), 0);
  if (called === 'broken') return { outcome: 'broken' };
  await record(deps, webhookId, actor, called);
  return { outcome: 'tested', ...called };
}

const record = (
  { webhooks }: TestWebhookDeps,
  webhookId: string,
  actor: Actor,
  { tried }: CalledWebhook,
): Promise<void> =>
  changeWebhook(webhooks, webhookId, (webhook: Webhook | undefined): WebhookDecision<void> => {
    if (!webhook) return { result: undefined };
    const { messageId, delivered, status, atMs } = tried;
    const detail = { messageId, delivered, ...(status === undefined ? {} : { status }) };
    return {
      result: undefined,
      change: { after: webhook, entry: { action: 'webhook.tested', actor, atMs, detail } },
    };
  });
