/** Sends mail by Amazon SES, from one address, each to one recipient. */
import { type SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { isEnvelopeAddress } from '../../../rules/envelope-address.ts';
import type { MailRef } from '../../core/domain/mail-ref.ts';
import type { SendOutcome } from '../../core/ports/notices.ts';
import type { Mail } from './mail-layout.ts';
import { refLine, tagsOf } from './mail-tags.ts';
import { BAD_RECIPIENT, lastingTrouble, passingTrouble } from './mail-trouble.ts';
import { rawMail } from './raw-mail.ts';

export interface MailSettings {
  readonly from: string;
  /** Default: answers go to the sender. */
  readonly replyTo?: string;
  /** Under which SES tells what becomes of each mail. */
  readonly configurationSet: string;
}

export interface Posted extends Mail {
  readonly to: string;
  readonly ref: MailRef;
  readonly unsubscribeUrl?: string;
}

/** What is taken or refused; `withheld` is decided before it comes here. */
export type PostOutcome = Exclude<SendOutcome, { outcome: 'withheld' }>;

export class SesMailer {
  readonly #client: SESClient;
  readonly #settings: MailSettings;

  /**
   * @param client one that tries once: a second try of its own after an answer that was lost would be a second mail,
   *   where SES's events say what became of the first
   */
  constructor(client: SESClient, settings: MailSettings) {
    this.#client = client;
    this.#settings = settings;
  }

  /** Never throws what SES answered, nor that it did not. */
  async send({ to, ref, ...mail }: Posted): Promise<PostOutcome> {
    const { from, configurationSet } = this.#settings;
    // SES would read two addresses out of one with a comma, where one recipient was meant.
    if (!isEnvelopeAddress(to)) return { outcome: 'refused', why: BAD_RECIPIENT };
    const data = await rawMail({ ...this.#settings, ...mail, to, ref: refLine(ref) });
    try {
      const { MessageId } = await this.#client.send(
        new SendRawEmailCommand({
          Source: from,
          Destinations: [to],
          RawMessage: { Data: data },
          ConfigurationSetName: configurationSet,
          Tags: tagsOf(ref),
        }),
      );
      return { outcome: 'sent', ...(MessageId === undefined ? {} : { receipt: MessageId }) };
    } catch (error) {
      const why = lastingTrouble(error, from);
      return why === undefined ? passingTrouble(error) : { outcome: 'refused', why };
    }
  }
}
