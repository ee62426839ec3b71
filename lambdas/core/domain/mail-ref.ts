/** What a mail is of: told to the mail service with it, and told back with everything that becomes of it. */
import type { NoticeRef } from '../ports/notices.ts';

export type MailRef =
  /** A try to send a notice of the outbox. */
  | { readonly of: 'notice'; readonly notice: NoticeRef; readonly attempt: number }
  /** A claim link, by the hash of its token: the token itself is nowhere but in the mail. */
  | {
      readonly of: 'link';
      readonly keyId: string;
      readonly version: number;
      readonly tokenHash: string;
    };
