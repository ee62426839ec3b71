/** Sends notices by mail: in the words of their recipient, by the mail service. */
import type { MailNotice } from '../../core/domain/notice.ts';
import type { NoticeSender, SendOutcome } from '../../core/ports/notices.ts';
import type { SesMailer } from '../ses/ses-mailer.ts';
import { type RenderSettings, renderNotice } from './render-notice.ts';

export class MailNoticeSender implements NoticeSender<MailNotice> {
  readonly #mailer: SesMailer;
  readonly #settingsOf: (notice: MailNotice) => Promise<RenderSettings>;

  /** @param settingsOf how its recipient reads it */
  constructor(mailer: SesMailer, settingsOf: (notice: MailNotice) => Promise<RenderSettings>) {
    this.#mailer = mailer;
    this.#settingsOf = settingsOf;
  }

  async send(notice: MailNotice, attempt: number): Promise<SendOutcome> {
    const settings = await this.#settingsOf(notice);
    const { unsubscribeUrl } = settings;
    return this.#mailer.send({
      ...renderNotice(notice, settings),
      to: notice.recipient,
      ref: { of: 'notice', notice, attempt },
      ...(unsubscribeUrl === undefined ? {} : { unsubscribeUrl }),
    });
  }
}
