import { MailNotSent } from '../../core/domain/errors.ts';
import type { ClaimLink, LinkSender } from '../../core/ports/key-place.ts';
import { claimLinkMail } from './claim-link-mail.ts';
import type { SesMailer } from './ses-mailer.ts';

/** Claim links by mail. */
export class SesLinkSender implements LinkSender {
  readonly #mailer: SesMailer;

  constructor(mailer: SesMailer) {
    this.#mailer = mailer;
  }

  async send(link: ClaimLink): Promise<string | undefined> {
    const { to, keyId, version, tokenHash } = link;
    const ref = { of: 'link', keyId, version, tokenHash } as const;
    const posted = await this.#mailer.send({ ...claimLinkMail(link), to, ref });
    if (posted.outcome === 'later' || posted.outcome === 'unknown') throw new MailNotSent(posted.why);
    return posted.outcome === 'refused' ? posted.why : undefined;
  }
}
