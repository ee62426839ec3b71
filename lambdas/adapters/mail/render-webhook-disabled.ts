/** The mail to the owner of a webhook that is told no more. */
import type { WebhookMailNotice } from '../../core/domain/notice.ts';
import { type Mail, mailOf } from '../ses/mail-layout.ts';
import { LONGEST_ADDRESS, LONGEST_IN_SENTENCE, ownFooter, type Reading, readingOf } from './reading.ts';
import { plainly, theirs } from './theirs.ts';
import { those } from './told.ts';

/** A host name has no more. */
const LONGEST_HOST = 260;

export function renderWebhookDisabled({ facts, owner }: WebhookMailNotice, reading: Reading): Mail {
  const { language, words, moments } = readingOf(reading);
  const { webhookId, host, why, atMs, failingSinceMs } = facts;
  const { webhookDisabled: said, labels, quotes } = words;
  const shown = theirs(host, LONGEST_IN_SENTENCE, quotes);
  return mailOf({
    language,
    subject: said.subject(shown),
    lead: [said.happened[why](shown), said.toDo],
    facts: those(
      [said.labels.webhook, webhookId],
      [said.labels.receiver, theirs(host, LONGEST_HOST, quotes)],
      owner !== undefined && [labels.owner, plainly(owner, LONGEST_ADDRESS)],
      [labels.when, moments.full(atMs)],
      failingSinceMs !== undefined && [said.labels.failingSince, moments.full(failingSinceMs)],
    ),
    notes: [said.howTo(`keyturn webhooks enable ${webhookId}`), said.meanwhile],
    footer: [
      ...ownFooter(reading, { ...(owner === undefined ? {} : { owner }) }, words),
      said.why,
      words.neverHere,
    ],
  });
}
