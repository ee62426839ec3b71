/** Sends mail by Amazon SES, from one address. */
import { type SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { MailNotSent } from '../../core/domain/errors.ts';
import type { Mail } from './mail-layout.ts';
import { lastingTrouble, passingTrouble } from './mail-trouble.ts';

export interface MailSettings {
  readonly from: string;
  /** Default: answers go to the sender. */
  readonly replyTo?: string;
}

export class SesMailer {
  readonly #client: SESClient;
  readonly #settings: MailSettings;

  constructor(client: SESClient, settings: MailSettings) {
    this.#client = client;
    this.#settings = settings;
  }

  /**
   * @returns why it cannot be sent until somebody changes something; undefined once SES has taken it
   * @throws MailNotSent for what may pass
   */
  async send(to: string, { subject, text, html }: Mail): Promise<string | undefined> {
    const { from, replyTo } = this.#settings;
    try {
      await this.#client.send(
        new SendEmailCommand({
          Source: from,
          Destination: { ToAddresses: [to] },
          ...(replyTo === undefined ? {} : { ReplyToAddresses: [replyTo] }),
          Message: {
            Subject: { Data: subject, Charset: 'UTF-8' },
            Body: { Text: { Data: text, Charset: 'UTF-8' }, Html: { Data: html, Charset: 'UTF-8' } },
          },
        }),
      );
      return undefined;
    } catch (error) {
      const lasting = lastingTrouble(error, from);
      if (lasting !== undefined) return lasting;
      // Without its cause: an answer may quote what was sent.
      throw new MailNotSent(passingTrouble(error));
    }
  }
}
