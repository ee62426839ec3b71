/** Who sends by which channel, as far as this deployment has it. */
import { SESClient } from '@aws-sdk/client-ses';
import { DEFAULT_LOCALE, DEFAULT_TIME_ZONE } from '../../../rules/mail-locale.ts';
import { MailNoticeSender } from '../../adapters/mail/mail-notice-sender.ts';
import { type MailSettings, SesMailer } from '../../adapters/ses/ses-mailer.ts';
import type { MailBlocks } from '../../core/ports/mail-blocks.ts';
import type { NoticeSenders } from '../../core/ports/notices.ts';
import { WebhookSender } from '../../core/use-cases/send-webhook.ts';
import { withholdingSender } from '../../core/use-cases/withhold-mail.ts';
import { connectWebhooks } from '../webhooks.ts';
import type { NotifySettings } from './env.ts';

/** @param webhooks places and logger of the webhooks' sender */
export const connectSenders = (
  { mail }: NotifySettings,
  blocks: MailBlocks,
  webhooks: Parameters<typeof connectWebhooks>,
): NoticeSenders => ({
  ...(mail ? { mail: withholdingSender({ blocks, clock: Date.now }, mailSender(mail)) } : {}),
  webhook: new WebhookSender(connectWebhooks(...webhooks)),
});

/** A client that tries once: it must not send what the outbox has claimed for one try twice. */
const mailSender = (mail: MailSettings): MailNoticeSender =>
  new MailNoticeSender(new SesMailer(new SESClient({ maxAttempts: 1 }), mail), async () => ({
    locale: DEFAULT_LOCALE,
    timeZone: DEFAULT_TIME_ZONE,
  }));
