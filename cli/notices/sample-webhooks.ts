/** Made-up notices about a webhook for the preview: every case whose words differ. */
import type { WebhookMailFacts, WebhookMailNotice } from '../../lambdas/core/domain/notice.ts';
import { DAY_MS } from '../../rules/time-units.ts';

export interface WebhookSample {
  /** `webhook-disabled-gone`: names its files. */
  readonly name: string;
  readonly notice: WebhookMailNotice;
}

const OWNER = 'team@example.com';
const WEBHOOK_ID = 'wh_Ab3dEf7hIj9L';

/** @param nowMs when the example is supposed to happen */
export const sampleWebhooks = (nowMs: number): readonly WebhookSample[] => [
  sampleOf('webhook-disabled', nowMs, { why: 'unreached', failingSinceMs: nowMs - DAY_MS }),
  sampleOf('webhook-disabled-gone', nowMs, { why: 'gone' }),
];

const sampleOf = (
  name: string,
  nowMs: number,
  cause: Pick<WebhookMailFacts, 'why' | 'failingSinceMs'>,
): WebhookSample => ({
  name,
  notice: {
    channel: 'mail',
    kind: 'webhook-disabled',
    noticeId: `example#webhook-disabled#${OWNER}`,
    partition: `WEBHOOK#${WEBHOOK_ID}`,
    madeAtMs: nowMs,
    owner: OWNER,
    recipient: OWNER,
    facts: { webhookId: WEBHOOK_ID, host: 'hooks.example.com', atMs: nowMs, ...cause },
  },
});
