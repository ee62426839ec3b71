/** The one way a webhook changes: read, decide, write once on what was read, and again if somebody was faster. */
import { type AuditEntry, chainEvent, headOf } from '../domain/audit-event.ts';
import { WriteContention } from '../domain/errors.ts';
import type { WebhookMailNotice } from '../domain/notice.ts';
import { type Webhook, webhookChain } from '../domain/webhook.ts';
import type { WebhookStore } from '../ports/webhooks.ts';

export interface WebhookDecision<Result> {
  readonly result: Result;
  /** Absent: nothing changes. */
  readonly change?: {
    readonly after: Webhook;
    readonly entry: AuditEntry;
    /** Told to its owner with the change. */
    readonly notice?: WebhookMailNotice;
  };
}

const ATTEMPTS = 6;

/** `decide` runs again from the new state whenever another change came first. Throws `WriteContention` after six lost races. */
export async function changeWebhook<Result>(
  store: WebhookStore,
  webhookId: string,
  decide: (webhook: Webhook | undefined) => Promise<WebhookDecision<Result>> | WebhookDecision<Result>,
): Promise<Result> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await store.find(webhookId);
    const { result, change } = await decide(before);
    if (!change || !before) return result;
    const event = chainEvent(webhookChain(before), before.audit, change.entry);
    const after = { ...change.after, revision: before.revision + 1, audit: headOf(event) };
    const told = change.notice ? { notice: change.notice } : {};
    if ((await store.save({ before, after, event, ...told })) === 'saved') return result;
  }
  throw new WriteContention(
    `Webhook ${webhookId} changed ${ATTEMPTS} times while a change of it was being written.`,
  );
}
