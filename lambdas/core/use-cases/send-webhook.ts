/** Sends events to webhooks, and disables those that nothing has reached for a day or that want no more. */
import type { Actor } from '../domain/audit-event.ts';
import type { WebhookMailFacts, WebhookNotice } from '../domain/notice.ts';
import type { WebhookTry } from '../domain/webhook.ts';
import { webhookMailOf } from '../domain/webhook-mail.ts';
import { messageOf } from '../domain/webhook-message.ts';
import { LONGEST_WEBHOOK_PAUSE_MS, WEBHOOK_FAILING_MS } from '../domain/webhook-patience.ts';
import type { NoticeSender, SendOutcome } from '../ports/notices.ts';
import type { Posted, WebhookStore } from '../ports/webhooks.ts';
import { type CallWebhookDeps, callWebhook } from './call-webhook.ts';
import { setWebhookStatus } from './manage-webhook.ts';

export interface SendWebhookDeps extends CallWebhookDeps {
  readonly webhooks: WebhookStore;
  readonly watch: WebhookWatch;
  /** Whether mail is sent: otherwise nobody would be told by it. */
  readonly mailsOwners: boolean;
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
    const why = called.tried.failure ?? 'It failed.';
    if (!isGone(called.posted)) return { outcome: 'later', why, ...pauseIn(called.posted) };
    await this.#disable(webhook.webhookId, GONE, { why: 'gone' });
    return { outcome: 'refused', why };
  }

  /** One event that its receiver never takes is given up; the webhook is, when it took nothing else for a day either. */
  async onGivenUp({ recipient }: WebhookNotice): Promise<void> {
    const webhook = await this.#deps.webhooks.find(recipient);
    if (webhook?.status !== 'enabled') return;
    const { failingSinceMs, failedInARow } = await this.#deps.log.health(recipient);
    if (failingSinceMs === undefined) return;
    // Enabled again it has its day again, whatever failed before.
    const failingMs = this.#deps.clock() - Math.max(failingSinceMs, webhook.statusSinceMs);
    if (failingMs < WEBHOOK_FAILING_MS) return;
    await this.#disable(
      recipient,
      `Nothing reached its receiver for a day: ${failedInARow} tries have failed.`,
      { why: 'unreached', failingSinceMs },
    );
  }

  async #disable(webhookId: string, reason: string, cause: Cause): Promise<void> {
    const { mailsOwners } = this.#deps;
    const outcome = await setWebhookStatus(
      this.#deps,
      webhookId,
      'disabled',
      {
        actor: SENDER,
        reason,
        ...(mailsOwners ? { noticeOf: (disabled) => webhookMailOf(disabled, cause) } : {}),
      },
      { by: 'keyturn' },
    );
    if (outcome === 'changed') this.#deps.watch.disabled(webhookId, reason);
  }
}

type Cause = Pick<WebhookMailFacts, 'why' | 'failingSinceMs'>;

const GONE = 'Its receiver answered 410 Gone: it wants no more events.';

const isGone = (posted: Posted): boolean => posted.outcome === 'answered' && posted.status === 410;

const pauseIn = (posted: Posted): { readonly afterMs?: number } =>
  posted.outcome === 'answered' && posted.retryAfterMs !== undefined
    ? { afterMs: Math.min(posted.retryAfterMs, LONGEST_WEBHOOK_PAUSE_MS) }
    : {};
