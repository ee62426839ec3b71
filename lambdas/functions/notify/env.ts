/** The notify function's environment. */
import type { MailSettings } from '../../adapters/ses/ses-mailer.ts';
import type { WebhookSettings } from '../webhooks.ts';

export interface NotifyEnv {
  readonly TABLE_NAME: string;
  readonly SEAL_KEY_ID: string;
  /** JSON of `NotifySettings`. */
  readonly NOTIFY: string;
  /** Read by Node.js itself. Names are resolved in its threads: those of receivers that do not resolve must leave some. */
  readonly UV_THREADPOOL_SIZE: string;
}

/** What `lib` tells of the ways to tell. */
export interface NotifySettings {
  /** Absent: no mail is sent. */
  readonly mail?: MailSettings & { readonly words: MailWordsSettings };
  readonly webhooks: WebhookSettings;
  /** ARN of the topic where security is alerted. */
  readonly securityTopic: string;
}

/** What stands in mails beside their words. */
export interface MailWordsSettings {
  /** What the deployment says below each, with variables. */
  readonly footer?: string;
  /** Of the API at which addresses unsubscribe, without a slash at the end. */
  readonly apiUrl: string;
  /** Of the secret that the codes of unsubscribe links are made from. */
  readonly linkSecretId: string;
}
