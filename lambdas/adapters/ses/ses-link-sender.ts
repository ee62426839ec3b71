import type { ClaimLink, LinkSender } from '../../core/ports/key-place.ts';
import { claimLinkMail } from './claim-link-mail.ts';
import type { SesMailer } from './ses-mailer.ts';

/** Claim links by mail. */
export class SesLinkSender implements LinkSender {
  readonly #mailer: SesMailer;

  constructor(mailer: SesMailer) {
    this.#mailer = mailer;
  }

  send(link: ClaimLink): Promise<string | undefined> {
    return this.#mailer.send(link.to, claimLinkMail(link));
  }
}
