/** Turns an event on record into notices for the webhooks that want it: the same event makes the same notices. */
import type { AuditEvent } from '../domain/audit-event.ts';
import type { WebhookNotice } from '../domain/notice.ts';
import type { Webhook } from '../domain/webhook.ts';
import { type WebhookEvent, webhookEventOf } from '../domain/webhook-events.ts';
import type { Outbox } from '../ports/notices.ts';
import type { WebhookStore } from '../ports/webhooks.ts';

export interface TellWebhooksDeps {
  readonly webhooks: Pick<WebhookStore, 'list'>;
  readonly outbox: Pick<Outbox, 'put'>;
}

/** An event on record, and the partition where it lies. */
export interface PlacedEvent {
  readonly event: AuditEvent;
  readonly partition: string;
}

/** Clocks of two functions may differ by so much. */
const SKEW_MS = 5_000;

/**
 * Webhooks are listed once for all of these events, each of which is on record already: who was there when it happened is
 * in the list.
 *
 * @returns how many notices were new
 */
export async function tellWebhooks(
  { webhooks, outbox }: TellWebhooksDeps,
  events: readonly PlacedEvent[],
): Promise<number> {
  const told = events.flatMap((placed) => {
    const content = webhookEventOf(placed.event);
    return content ? [{ ...placed, content }] : [];
  });
  if (told.length === 0) return 0;
  const listed = await webhooks.list();
  let fresh = 0;
  for (const { event, partition, content } of told) {
    const notices = listed
      .filter((webhook) => wants(webhook, event, content.type))
      .map((webhook) => noticeFor(webhook, event, content, partition));
    const put = await Promise.all(notices.map((notice) => outbox.put(notice)));
    fresh += put.filter((outcome) => outcome === 'put').length;
  }
  return fresh;
}

/** An owner's webhook is told of that owner's keys alone, whatever else carries the owner's name. */
function wants({ status, owner, events, createdAtMs }: Webhook, event: AuditEvent, type: string): boolean {
  if (status !== 'enabled' || event.atMs < createdAtMs - SKEW_MS) return false;
  if (events.length > 0 && !events.includes(type)) return false;
  return owner === undefined || (event.keyId !== undefined && event.owner === owner);
}

const noticeFor = (
  { webhookId }: Webhook,
  event: AuditEvent,
  { type, data }: WebhookEvent,
  partition: string,
): WebhookNotice => ({
  channel: 'webhook',
  // The place of the event in its chain and the webhook: read twice from the stream it is the same notice.
  noticeId: `event-${event.sequence}#${type}#${webhookId}`,
  partition,
  kind: type,
  recipient: webhookId,
  madeAtMs: event.atMs,
  facts: data,
  ...(event.keyId === undefined ? {} : { keyId: event.keyId }),
  ...(event.owner === undefined ? {} : { owner: event.owner }),
  ...(event.rotationId === undefined ? {} : { rotationId: event.rotationId }),
});
