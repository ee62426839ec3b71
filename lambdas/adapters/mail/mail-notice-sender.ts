/** Sends notices by mail: in the words of their recipient, by the mail service. */
import type { MailNotice } from '../../core/domain/notice.ts';
import type { NoticeSender, SendOutcome } from '../../core/ports/notices.ts';
import type { SesMailer } from '../ses/ses-mailer.ts';
import { type RenderSettings, renderNotice } from './render-notice.ts';

/** `unwanted`: its recipient has unsubscribed from such mails. */
type SettingsOf = (notice: MailNotice) => Promise<RenderSettings | 'unwanted'>;

const UNWANTED: SendOutcome = {
  outcome: 'withheld',
  why: 'Its recipient has unsubscribed from such mails: `keyturn owner` with --subscribe sends them again.',
};

export class MailNoticeSender implements NoticeSender<MailNotice> {
  readonly #mailer: SesMailer;
  readonly #settingsOf: SettingsOf;

  /** @param settingsOf how its recipient reads it */
  constructor(mailer: SesMailer, settingsOf: SettingsOf) {
    this.#mailer = mailer;
    this.#settingsOf = settingsOf;
  }

  async send(notice: MailNotice, attempt: number): Promise<SendOutcome> {
    const settings = await this.#settingsOf(notice);
    if (settings === 'unwanted') return UNWANTED;
    const { unsubscribeUrl } = settings;
    return this.#mailer.send({
      ...renderNotice(notice, settings),
      to: notice.recipient,
      ref: { of: 'notice', notice, attempt },
      ...(unsubscribeUrl === undefined ? {} : { unsubscribeUrl }),
    });
  }
}
