/** Who sends by which channel, as far as this deployment has it. */
import { SESClient } from '@aws-sdk/client-ses';
import { DEFAULT_LOCALE, DEFAULT_TIME_ZONE } from '../../../rules/mail-locale.ts';
import { MailNoticeSender } from '../../adapters/mail/mail-notice-sender.ts';
import { type MailSettings, SesMailer } from '../../adapters/ses/ses-mailer.ts';
import type { NoticeSenders } from '../../core/ports/notices.ts';
import type { NotifySettings } from './env.ts';

export const connectSenders = ({ mail }: NotifySettings): NoticeSenders => ({
  ...(mail ? { mail: mailSender(mail) } : {}),
});

/** A client that tries once: it must not send what the outbox has claimed for one try twice. */
const mailSender = (mail: MailSettings): MailNoticeSender =>
  new MailNoticeSender(new SesMailer(new SESClient({ maxAttempts: 1 }), mail), async () => ({
    locale: DEFAULT_LOCALE,
    timeZone: DEFAULT_TIME_ZONE,
  }));
