/** The mail to the owner of a webhook that Keyturn has disabled. */
import { parseMailAddress } from '../../../rules/mail-address.ts';
import type { WebhookMailFacts, WebhookMailNotice } from './notice.ts';
import { hostOf, type Webhook, webhookPartition } from './webhook.ts';

/**
 * Of one disabling the same notice, however often it is decided anew.
 *
 * @param disabled as it is from now on, with the revision from which it was disabled
 * @returns undefined where nobody can be told by mail: it is the operators' own, or its owner is no mail address
 */
export function webhookMailOf(
  disabled: Webhook,
  cause: Pick<WebhookMailFacts, 'why' | 'failingSinceMs'>,
): WebhookMailNotice | undefined {
  const { webhookId, owner, revision, statusSinceMs } = disabled;
  if (owner === undefined || !parseMailAddress(owner, 'owner').ok) return undefined;
  return {
    channel: 'mail',
    kind: 'webhook-disabled',
    noticeId: `${webhookId}-${revision}#webhook-disabled#${owner}`,
    partition: webhookPartition(webhookId),
    madeAtMs: statusSinceMs,
    owner,
    recipient: owner,
    facts: { webhookId, host: hostOf(disabled), atMs: statusSinceMs, ...cause },
  };
}
