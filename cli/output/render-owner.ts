/** How an address wants its mails, and who gets those of a key, as people read it. */
import type { OwnerView, RecipientsView } from '../../lambdas/functions/admin/owner-contract.ts';
import { MAIL_KINDS } from '../../rules/mail-kinds.ts';
import type { Paint } from './paint.ts';
import { block } from './table.ts';

export function ownerText({ address, locale, timeZone, unsubscribed }: OwnerView, paint: Paint): string {
  const sent = MAIL_KINDS.filter((kind) => !(unsubscribed as readonly string[]).includes(kind));
  const facts = block(
    [
      ['locale', locale],
      ['time zone', timeZone],
      ['gets mails about', sent.join(', ')],
      ['unsubscribed from', unsubscribed.length > 0 ? unsubscribed.join(', ') : 'none'],
    ],
    paint.dim,
  );
  return `Mails to ${paint.bold(address)}\n\n${facts}\n`;
}

export function recipientsText({ keyId, owner, recipients }: RecipientsView, paint: Paint): string {
  const facts = block(
    [
      ['owner', owner],
      ['and', recipients.length > 0 ? recipients.join(' ') : 'nobody else'],
    ],
    paint.dim,
  );
  return `Told of key ${paint.bold(keyId)}\n\n${facts}\n`;
}
