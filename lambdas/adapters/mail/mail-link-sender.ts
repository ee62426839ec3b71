/** Sends claim links by mail: in the words of the key's owner, by the mail service. */
import { MailNotSent } from '../../core/domain/errors.ts';
import type { ClaimLink, LinkSender } from '../../core/ports/key-place.ts';
import type { SesMailer } from '../ses/ses-mailer.ts';
import type { Reading } from './reading.ts';
import { renderClaimLink } from './render-claim-link.ts';

export class MailLinkSender implements LinkSender {
  readonly #mailer: SesMailer;
  readonly #readingOf: (address: string) => Promise<Reading>;

  /** @param readingOf how the one who has an address reads its mails */
  constructor(mailer: SesMailer, readingOf: (address: string) => Promise<Reading>) {
    this.#mailer = mailer;
    this.#readingOf = readingOf;
  }

  async send(link: ClaimLink): Promise<string | undefined> {
    const { to, keyId, version, tokenHash } = link;
    const ref = { of: 'link', keyId, version, tokenHash } as const;
    const mail = renderClaimLink(link, await this.#readingOf(to));
    const posted = await this.#mailer.send({ ...mail, to, ref });
    if (posted.outcome === 'later' || posted.outcome === 'unknown') throw new MailNotSent(posted.why);
    return posted.outcome === 'refused' ? posted.why : undefined;
  }
}
