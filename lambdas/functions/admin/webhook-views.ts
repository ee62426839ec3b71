/** Webhooks as operators see them: never their secrets, sealed or not. */
import { iso, isoOrNull } from '../../core/domain/iso-time.ts';
import type { Webhook, WebhookHealth, WebhookTry } from '../../core/domain/webhook.ts';
import type { WebhookHealthView, WebhookTryView, WebhookView } from './webhook-contract.ts';

export function webhookView(webhook: Webhook, nowMs: number): WebhookView {
  const { webhookId, url, owner, events, description, status, statusSinceMs, statusReason, secrets } =
    webhook;
  return {
    webhookId,
    url,
    owner: owner ?? null,
    events,
    description: description ?? null,
    status,
    statusSince: iso(statusSinceMs),
    statusReason: statusReason ?? null,
    createdAt: iso(webhook.createdAtMs),
    secretSince: isoOrNull(secrets?.rotatedAtMs),
    formerSecretUntil: formerSecretUntil(webhook, nowMs),
  };
}

export function formerSecretUntil({ secrets }: Webhook, nowMs: number): string | null {
  const endsAtMs = secrets?.previous?.endsAtMs;
  return endsAtMs !== undefined && endsAtMs > nowMs ? iso(endsAtMs) : null;
}

export const healthView = (health: WebhookHealth): WebhookHealthView => ({
  delivered: health.delivered,
  failed: health.failed,
  failedInARow: health.failedInARow,
  failingSince: isoOrNull(health.failingSinceMs),
  lastDeliveredAt: isoOrNull(health.lastDeliveredAtMs),
  lastFailedAt: isoOrNull(health.lastFailedAtMs),
});

export const tryView = (tried: WebhookTry): WebhookTryView => ({
  messageId: tried.messageId,
  type: tried.type,
  at: iso(tried.atMs),
  attempt: tried.attempt,
  delivered: tried.delivered,
  status: tried.status ?? null,
  durationMs: tried.durationMs,
  failure: tried.failure ?? null,
});
