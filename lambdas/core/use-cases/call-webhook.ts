/** One signed call of a webhook's receiver, and its line in the log of deliveries. */
import { failureText } from '../domain/failure-text.ts';
import type { Plaintext } from '../domain/plaintext.ts';
import type { Webhook, WebhookHealth, WebhookSecrets, WebhookTry } from '../domain/webhook.ts';
import { signedHeaders, type WebhookMessage } from '../domain/webhook-message.ts';
import type { Clock } from '../ports/ambient.ts';
import type { Posted, WebhookLog, WebhookPost, WebhookSecretSealer } from '../ports/webhooks.ts';

export interface CallWebhookDeps {
  readonly webhookSecrets: WebhookSecretSealer;
  readonly post: WebhookPost;
  readonly log: WebhookLog;
  readonly clock: Clock;
  /** What was delivered is delivered, whether it could be noted or not. */
  readonly onUnnoted: (webhookId: string, error: unknown) => void;
}

export interface CalledWebhook {
  readonly tried: WebhookTry;
  readonly posted: Posted;
  /** Undefined where it could not be read or written. */
  readonly health: WebhookHealth | undefined;
}

/** @returns `broken` when a secret is not what was sealed there: nothing was sent */
export async function callWebhook(
  deps: CallWebhookDeps,
  { webhookId, url, secrets }: Webhook & { readonly secrets: WebhookSecrets },
  message: WebhookMessage,
  attempt: number,
): Promise<CalledWebhook | 'broken'> {
  const atMs = deps.clock();
  const keys = await openSecrets(deps, webhookId, secrets, atMs);
  if (keys === 'broken') return 'broken';
  const posted = await deps.post.post(url, signedHeaders(message, keys, atMs), message.body);
  const failure = failureOf(posted);
  const tried: WebhookTry = {
    messageId: message.messageId,
    type: message.type,
    atMs,
    attempt,
    delivered: failure === undefined,
    ...(posted.outcome === 'answered' ? { status: posted.status } : {}),
    durationMs: posted.durationMs,
    ...(failure === undefined ? {} : { failure: failureText(failure) }),
  };
  return { tried, posted, health: await note(deps, webhookId, tried) };
}

async function openSecrets(
  { webhookSecrets }: CallWebhookDeps,
  webhookId: string,
  { current, previous }: WebhookSecrets,
  nowMs: number,
): Promise<readonly Plaintext[] | 'broken'> {
  const signing = previous && nowMs < previous.endsAtMs ? [current, previous] : [current];
  const opened = await Promise.all(signing.map((sealed) => webhookSecrets.open(webhookId, sealed)));
  const keys = opened.filter((each) => each !== 'broken');
  return keys.length === opened.length ? keys : 'broken';
}

async function note(
  { log, onUnnoted }: CallWebhookDeps,
  webhookId: string,
  tried: WebhookTry,
): Promise<WebhookHealth | undefined> {
  try {
    return await log.record(webhookId, tried);
  } catch (error) {
    onUnnoted(webhookId, error);
    return undefined;
  }
}

/** The scheme takes 2xx alone for delivered. */
function failureOf(posted: Posted): string | undefined {
  if (posted.outcome !== 'answered') return posted.why;
  const { status } = posted;
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400) {
    return `It answered ${status}, a redirect, which is not followed: add the webhook at its new address.`;
  }
  if (status === 410) return 'It answered 410: it wants no more events.';
  return `It answered ${status}.`;
}
