/** What calls webhooks, built from a function's environment. */
import { randomBytes } from 'node:crypto';
import type { Logger } from '@aws-lambda-powertools/logger';
import { KMSClient } from '@aws-sdk/client-kms';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoWebhookLog } from '../adapters/dynamodb/dynamo-webhook-log.ts';
import { DynamoWebhooks } from '../adapters/dynamodb/dynamo-webhooks.ts';
import { EnvelopeWebhookSecrets } from '../adapters/webhooks/envelope-webhook-secrets.ts';
import { HttpsPost } from '../adapters/webhooks/https-post.ts';
import type { WebhookWatch } from '../core/use-cases/send-webhook.ts';
import { embeddedMetrics } from './embedded-metrics.ts';
import { faultOf } from './fault.ts';

/** What `lib` tells of webhooks. */
export interface WebhookSettings {
  /** Whether receivers may be in private networks and on loopback, and at any port. */
  readonly allowPrivateAddresses: boolean;
  /** PEM, beside those that Node.js trusts. */
  readonly certificateAuthorities?: readonly string[];
}

export interface WebhookPlaces {
  readonly table: string;
  readonly sealKeyId: string;
  readonly settings: WebhookSettings;
}

type Sink = Pick<Logger, 'info' | 'warn' | 'error'>;

export function connectWebhooks(
  documents: DynamoDBDocumentClient,
  { table, sealKeyId, settings }: WebhookPlaces,
  logger: Sink,
) {
  const clock = Date.now;
  return {
    webhooks: new DynamoWebhooks(documents, table),
    webhookSecrets: new EnvelopeWebhookSecrets(new KMSClient({}), sealKeyId),
    post: new HttpsPost(settings),
    log: new DynamoWebhookLog(documents, table),
    addressRules: settings,
    clock,
    randomBytes,
    onUnnoted: (webhookId: string, error: unknown) =>
      logger.error('A call of a webhook could not be noted', { webhookId, ...faultOf(error) }),
    watch: loggedWatch(logger, clock),
  };
}

/** By ids alone: an address may hold a secret of its receiver. */
export const loggedWatch = (logger: Sink, clock: () => number): WebhookWatch => ({
  tried(webhookId, { messageId, attempt, delivered, status, durationMs, failure }) {
    const line = { webhookId, messageId, attempt, status, durationMs, failure };
    const metric = delivered ? { WebhooksDelivered: 1 } : { WebhookTriesFailed: 1 };
    logger[delivered ? 'info' : 'warn']('webhook', { ...line, ...embeddedMetrics(metric, clock()) });
  },
  disabled(webhookId, why) {
    logger.error('A webhook is disabled', {
      webhookId,
      why,
      ...embeddedMetrics({ WebhooksDisabled: 1 }, clock()),
    });
  },
  secretBroken(webhookId) {
    logger.error('The sealed secret of a webhook does not open: it was altered, moved or swapped', {
      webhookId,
      ...embeddedMetrics({ SealBroken: 1 }, clock()),
    });
  },
});
