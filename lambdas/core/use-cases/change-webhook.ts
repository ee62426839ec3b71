/** The one way a webhook changes: read, decide, write once on what was read, and again if somebody was faster. */
import { type AuditEntry, chainEvent, headOf } from '../domain/audit-event.ts';
import type { WebhookMailNotice } from '../domain/notice.ts';
import { type Webhook, webhookChain } from '../domain/webhook.ts';
import type { NoticeMove } from '../ports/notices.ts';
import type { WebhookStore } from '../ports/webhooks.ts';
import { AGAIN, untilSettled } from './until-settled.ts';

export interface WebhookDecision<Result> {
  readonly result: Result;
  /** Absent: nothing changes. */
  readonly change?: {
    readonly after: Webhook;
    readonly entry: AuditEntry;
    /** Told to its owner with the change. */
    readonly notice?: WebhookMailNotice;
    /** Of notices that it is about. */
    readonly moves?: readonly NoticeMove[];
  };
}

type Decide<Result> = (
  webhook: Webhook | undefined,
) => Promise<WebhookDecision<Result>> | WebhookDecision<Result>;

/** `decide` runs again from the new state whenever another change came first. Throws `WriteContention` after six lost races. */
export const changeWebhook = <Result>(
  store: WebhookStore,
  webhookId: string,
  decide: Decide<Result>,
): Promise<Result> =>
  untilSettled(
    () => tryChange(store, webhookId, decide),
    (attempts) => `Webhook ${webhookId} changed ${attempts} times while a change of it was being written.`,
  );

async function tryChange<Result>(
  store: WebhookStore,
  webhookId: string,
  decide: Decide<Result>,
): Promise<Result | typeof AGAIN> {
  const before = await store.find(webhookId);
  const { result, change } = await decide(before);
  if (!change || !before) return result;
  const event = chainEvent(webhookChain(before), before.audit, change.entry);
  const after = { ...change.after, revision: before.revision + 1, audit: headOf(event) };
  const { notice, moves } = change;
  const beside = { ...(notice ? { notice } : {}), ...(moves ? { moves } : {}) };
  const outcome = await store.save({ before, after, event, ...beside });
  return outcome === 'saved' ? result : AGAIN;
}
