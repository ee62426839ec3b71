/** Changes of a webhook on an operator's word: on, off, away, and another secret. */
import type { Actor } from '../domain/audit-event.ts';
import type { WebhookMailNotice } from '../domain/notice.ts';
import type { Plaintext } from '../domain/plaintext.ts';
import { newWebhookSecret, SECRET_OVERLAP_MS, type Webhook, type WebhookStatus } from '../domain/webhook.ts';
import type { Clock, RandomBytes } from '../ports/ambient.ts';
import type { WebhookSecretSealer, WebhookStore } from '../ports/webhooks.ts';
import { changeWebhook, type WebhookDecision } from './change-webhook.ts';

export interface ManageWebhookDeps {
  readonly webhooks: WebhookStore;
  readonly webhookSecrets: WebhookSecretSealer;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

interface By {
  readonly actor: Actor;
  readonly reason?: string;
  /** What its owner is told of the change, if anything. */
  readonly noticeOf?: (changed: Webhook) => WebhookMailNotice | undefined;
}

export type WebhookOutcome = 'changed' | 'unchanged' | 'unknown' | 'removed';

const ACTIONS = {
  enabled: 'webhook.enabled',
  disabled: 'webhook.disabled',
  removed: 'webhook.removed',
} as const satisfies Record<WebhookStatus, string>;

/** A removed one takes its secrets with it and is none again. */
export const setWebhookStatus = (
  { webhooks, clock }: Pick<ManageWebhookDeps, 'webhooks' | 'clock'>,
  webhookId: string,
  to: WebhookStatus,
  { actor, reason, noticeOf }: By,
  detail: Readonly<Record<string, string | number>> = { by: 'operator' },
): Promise<WebhookOutcome> =>
  changeWebhook(webhooks, webhookId, (webhook): WebhookDecision<WebhookOutcome> => {
    if (!webhook) return { result: 'unknown' };
    if (webhook.status === 'removed') return { result: to === 'removed' ? 'unchanged' : 'removed' };
    if (webhook.status === to) return { result: 'unchanged' };
    const atMs = clock();
    const { secrets, statusReason: _former, ...rest } = webhook;
    const after: Webhook = {
      ...rest,
      ...(to !== 'removed' && secrets ? { secrets } : {}),
      ...(to !== 'enabled' && reason !== undefined ? { statusReason: reason } : {}),
      status: to,
      statusSinceMs: atMs,
    };
    const entry = { action: ACTIONS[to], actor, atMs, ...(reason === undefined ? {} : { reason }), detail };
    const notice = noticeOf?.(after);
    return { result: 'changed', change: { after, entry, ...(notice ? { notice } : {}) } };
  });

export type RotatedSecret =
  | { readonly outcome: 'rotated'; readonly secret: Plaintext; readonly webhook: Webhook }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'removed' };

/**
 * The secret before goes on signing beside the new one for a day, so that a receiver can change it without losing a call.
 *
 * @param immediate the former secret signs no more: it has leaked
 */
export async function rotateWebhookSecret(
  { webhooks, webhookSecrets, clock, randomBytes }: ManageWebhookDeps,
  webhookId: string,
  immediate: boolean,
  actor: Actor,
): Promise<RotatedSecret> {
  const secret = newWebhookSecret(randomBytes);
  return changeWebhook(webhooks, webhookId, async (webhook): Promise<WebhookDecision<RotatedSecret>> => {
    if (!webhook) return { result: { outcome: 'unknown' } };
    if (!webhook.secrets) return { result: { outcome: 'removed' } };
    const atMs = clock();
    const former = webhook.secrets.current;
    const endsAtMs = atMs + SECRET_OVERLAP_MS;
    const secrets = {
      current: await webhookSecrets.seal(webhookId, former.serial + 1, secret),
      ...(immediate ? {} : { previous: { ...former, endsAtMs } }),
      rotatedAtMs: atMs,
    };
    const after = { ...webhook, secrets };
    const detail = { serial: former.serial + 1, overlapSeconds: immediate ? 0 : SECRET_OVERLAP_MS / 1000 };
    return {
      result: { outcome: 'rotated', secret, webhook: after },
      change: { after, entry: { action: 'webhook.secret-rotated', actor, atMs, detail } },
    };
  });
}
