/** The notify function's environment. */
import type { MailSettings } from '../../adapters/ses/ses-mailer.ts';
import type { WebhookSettings } from '../webhooks.ts';

export interface NotifyEnv {
  readonly TABLE_NAME: string;
  readonly SEAL_KEY_ID: string;
  /** JSON of `NotifySettings`. */
  readonly NOTIFY: string;
}

/** What `lib` tells of the ways to tell. */
export interface NotifySettings {
  /** Absent: no mail is sent. */
  readonly mail?: MailSettings;
  readonly webhooks: WebhookSettings;
}
