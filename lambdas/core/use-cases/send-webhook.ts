/** Sends events to webhooks, and disables those that nothing has reached for a day or that want no more. */
import type { Actor } from '../domain/audit-event.ts';
import type { WebhookNotice } from '../domain/notice.ts';
import type { Webhook, WebhookHealth, WebhookTry } from '../domain/webhook.ts';
import { messageOf } from '../domain/webhook-message.ts';
import { isLastWebhookTry, LONGEST_WEBHOOK_PAUSE_MS, WEBHOOK_FAILING_MS } from '../domain/webhook-retries.ts';
import type { NoticeSender, SendOutcome } from '../ports/notices.ts';
import type { Posted, WebhookStore } from '../ports/webhooks.ts';
import { type CalledWebhook, type CallWebhookDeps, callWebhook } from './call-webhook.ts';
import { setWebhookStatus } from './manage-webhook.ts';

export interface SendWebhookDeps extends CallWebhookDeps {
  readonly webhooks: WebhookStore;
  readonly watch: WebhookWatch;
}

/** Told of what an operator may have to hear. */
export interface WebhookWatch {
  tried(webhookId: string, tried: WebhookTry): void;
  disabled(webhookId: string, why: string): void;
  secretBroken(webhookId: string): void;
}

const SENDER: Actor = { principal: 'keyturn:webhooks', via: 'send' };

export class WebhookSender implements NoticeSender<WebhookNotice> {
  readonly #deps: SendWebhookDeps;

  constructor(deps: SendWebhookDeps) {
    this.#deps = deps;
  }

  async send(notice: WebhookNotice, attempt: number): Promise<SendOutcome> {
    const { webhooks, watch } = this.#deps;
    const webhook = await webhooks.find(notice.recipient);
    if (!webhook?.secrets) return { outcome: 'withheld', why: 'The webhook is removed.' };
    if (webhook.status === 'disabled') {
      return { outcome: 'refused', why: 'The webhook is disabled: enable it and send this again.' };
    }
    const called = await callWebhook(
      this.#deps,
      { ...webhook, secrets: webhook.secrets },
      messageOf(notice),
      attempt,
    );
    if (called === 'broken') {
      watch.secretBroken(webhook.webhookId);
      return { outcome: 'refused', why: 'The secret of the webhook is not what was sealed: rotate it.' };
    }
    watch.tried(webhook.webhookId, called.tried);
    if (called.tried.delivered) return { outcome: 'sent', receipt: called.tried.messageId };
    return this.#failed(webhook, called, attempt);
  }

  async #failed(
    webhook: Webhook,
    { tried, posted, health }: CalledWebhook,
    attempt: number,
  ): Promise<SendOutcome> {
    const why = tried.failure ?? 'It failed.';
    const end = reasonToEnd(webhook, posted, health, tried.atMs, attempt);
    if (end === undefined) return { outcome: 'later', why, ...pauseIn(posted) };
    await this.#disable(webhook.webhookId, end);
    return { outcome: 'refused', why: `${why} ${end}` };
  }

  async #disable(webhookId: string, reason: string): Promise<void> {
    const outcome = await setWebhookStatus(
      this.#deps,
      webhookId,
      'disabled',
      { actor: SENDER, reason },
      { by: 'keyturn' },
    );
    if (outcome === 'changed') this.#deps.watch.disabled(webhookId, reason);
  }
}

/** One event that its receiver never takes is given up; the webhook is when it took nothing else either. */
function reasonToEnd(
  { statusSinceMs }: Webhook,
  posted: Posted,
  health: WebhookHealth | undefined,
  nowMs: number,
  attempt: number,
): string | undefined {
  if (posted.outcome === 'answered' && posted.status === 410) {
    return 'Its receiver answered 410 Gone: it wants no more events.';
  }
  if (!isLastWebhookTry(attempt) || health?.failingSinceMs === undefined) return undefined;
  // Enabled again it has its day again, whatever failed before.
  const failingMs = nowMs - Math.max(health.failingSinceMs, statusSinceMs);
  return failingMs < WEBHOOK_FAILING_MS
    ? undefined
    : `Nothing reached its receiver for a day: ${health.failedInARow} tries have failed.`;
}

const pauseIn = (posted: Posted): { readonly afterMs?: number } =>
  posted.outcome === 'answered' && posted.retryAfterMs !== undefined
    ? { afterMs: Math.min(posted.retryAfterMs, LONGEST_WEBHOOK_PAUSE_MS) }
    : {};
