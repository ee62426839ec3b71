/** Who sends by which channel, as far as this deployment has it. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESClient } from '@aws-sdk/client-ses';
import { SNSClient } from '@aws-sdk/client-sns';
import { MailNoticeSender } from '../../adapters/mail/mail-notice-sender.ts';
import { recipientSettings } from '../../adapters/mail/recipient-settings.ts';
import { challengeSecret } from '../../adapters/secrets-manager/challenge-secret.ts';
import { SesMailer } from '../../adapters/ses/ses-mailer.ts';
import { SnsAlertSender } from '../../adapters/sns/sns-alert-sender.ts';
import type { MailBlocks } from '../../core/ports/mail-blocks.ts';
import type { NoticeSenders } from '../../core/ports/notices.ts';
import type { OwnerSettingsStore } from '../../core/ports/owner-settings.ts';
import { WebhookSender } from '../../core/use-cases/send-webhook.ts';
import { withholdingSender } from '../../core/use-cases/withhold-mail.ts';
import { singleTry } from '../single-try.ts';
import { connectWebhooks } from '../webhooks.ts';
import type { NotifySettings } from './env.ts';

type Owners = Pick<OwnerSettingsStore, 'find'>;

export interface SenderPlaces {
  /** Addresses that mail comes back from. */
  readonly blocks: MailBlocks;
  readonly owners: Owners;
  /** Places and logger of the webhooks' sender. */
  readonly webhooks: Parameters<typeof connectWebhooks>;
}

export const connectSenders = (
  { mail, securityTopic }: NotifySettings,
  { blocks, owners, webhooks }: SenderPlaces,
): NoticeSenders => ({
  ...(mail ? { mail: withholdingSender({ blocks, clock: Date.now }, mailSender(mail, owners)) } : {}),
  webhook: new WebhookSender({ ...connectWebhooks(...webhooks), mailsOwners: mail !== undefined }),
  alert: new SnsAlertSender(new SNSClient(singleTry()), securityTopic),
});

/** A client that tries once: it must not send what the outbox has claimed for one try twice. */
const mailSender = (
  { words, ...settings }: NonNullable<NotifySettings['mail']>,
  owners: Owners,
): MailNoticeSender =>
  new MailNoticeSender(
    new SesMailer(new SESClient(singleTry()), settings),
    recipientSettings({
      owners,
      linkSecret: challengeSecret(new SecretsManagerClient({}), words.linkSecretId, Date.now),
      apiUrl: words.apiUrl,
      ...(words.footer === undefined ? {} : { footer: words.footer }),
    }),
  );
