/** What is sent to a webhook, signed as Standard Webhooks 1.0.0 says: https://www.standardwebhooks.com. */
import { createHash } from 'node:crypto';
import { Webhook as Signer } from 'standardwebhooks';
import { iso } from './iso-time.ts';
import type { WebhookNotice } from './notice.ts';
import type { Plaintext } from './plaintext.ts';

export interface WebhookMessage {
  /** The same for every try: by it receivers know what they have. Without a full stop, which the signature is made over. */
  readonly messageId: string;
  readonly type: string;
  /** JSON, byte for byte what is signed and sent. */
  readonly body: string;
}

export interface WebhookContent {
  readonly type: string;
  /** When it happened. */
  readonly atMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** @param identity of what is told to whom: the same makes the same id */
export function webhookMessage(identity: string, { type, atMs, data }: WebhookContent): WebhookMessage {
  return {
    messageId: `msg_${createHash('sha256').update(identity).digest('base64url').slice(0, 27)}`,
    type,
    body: JSON.stringify({ type, timestamp: iso(atMs), data }),
  };
}

export const messageOf = ({ partition, noticeId, kind, madeAtMs, facts }: WebhookNotice): WebhookMessage =>
  webhookMessage(`${partition}/${noticeId}`, { type: kind, atMs: madeAtMs, data: facts });

/**
 * The scheme's headers of one try.
 *
 * @param secrets each signs: during a rotation the receiver may hold either
 */
export function signedHeaders(
  { messageId, body }: WebhookMessage,
  secrets: readonly Plaintext[],
  atMs: number,
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const at = new Date(atMs);
  return {
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(atMs / 1000)),
    'webhook-signature': secrets
      .map((secret) => new Signer(secret.reveal()).sign(messageId, at, body))
      .join(' '),
  };
}
