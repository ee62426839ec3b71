/** Turns an event on record into notices for the webhooks that want it: the same event makes the same notices. */
import { isSameAddress } from '../../../rules/mail-address.ts';
import type { AuditEvent } from '../domain/audit-event.ts';
import type { WebhookNotice } from '../domain/notice.ts';
import { type Webhook, webhookPartition } from '../domain/webhook.ts';
import { type WebhookEvent, webhookEventOf } from '../domain/webhook-events.ts';
import type { AuditTeller } from '../ports/audit-tellers.ts';
import type { Outbox } from '../ports/notices.ts';
import type { WebhookStore } from '../ports/webhooks.ts';
import { saidEvents } from './said-events.ts';

export interface TellWebhooksDeps {
  readonly webhooks: Pick<WebhookStore, 'list'>;
  readonly outbox: Pick<Outbox, 'put'>;
}

/** Clocks of two functions may differ by so much. */
const SKEW_MS = 5_000;

export class WebhookTeller implements AuditTeller {
  readonly name = 'webhooks';
  readonly #deps: TellWebhooksDeps;

  constructor(deps: TellWebhooksDeps) {
    this.#deps = deps;
  }

  /**
   * Webhooks are listed once for all of these events, each of which is on record already: who was there when it happened
   * is in the list.
   */
  async tell(events: readonly AuditEvent[]): Promise<readonly AuditEvent[]> {
    const { said, unsaid } = saidEvents(events, webhookEventOf);
    if (said.length === 0) return unsaid;
    const webhooks = await this.#deps.webhooks.list();
    const untold: AuditEvent[] = [...unsaid];
    for (const { event, words: content } of said) {
      const notices = webhooks
        .filter((webhook) => wants(webhook, event, content.type))
        .map((webhook) => noticeFor(webhook, event, content));
      const put = await Promise.allSettled(notices.map((notice) => this.#deps.outbox.put(notice)));
      if (put.some(({ status }) => status === 'rejected')) untold.push(event);
    }
    return untold;
  }
}

/** An owner's webhook is told of that owner's keys alone, whatever else carries the owner's name. */
function wants({ status, owner, events, createdAtMs }: Webhook, event: AuditEvent, type: string): boolean {
  if (status !== 'enabled' || event.atMs < createdAtMs - SKEW_MS) return false;
  if (events.length > 0 && !events.includes(type)) return false;
  return owner === undefined || (event.keyId !== undefined && isSameAddress(event.owner, owner));
}

const noticeFor = (
  { webhookId }: Webhook,
  event: AuditEvent,
  { type, data }: WebhookEvent,
): WebhookNotice => ({
  channel: 'webhook',
  // The place of the event in its chain and the webhook: read twice from the stream it is the same notice.
  noticeId: `${event.chain}/${event.sequence}#${type}#${webhookId}`,
  partition: webhookPartition(webhookId),
  kind: type,
  recipient: webhookId,
  madeAtMs: event.atMs,
  facts: data,
  ...(event.keyId === undefined ? {} : { keyId: event.keyId }),
  ...(event.owner === undefined ? {} : { owner: event.owner }),
  ...(event.rotationId === undefined ? {} : { rotationId: event.rotationId }),
});
