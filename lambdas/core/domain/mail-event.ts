/** What the mail service tells of a mail that it took. Events come late, more than once, and in any order. */
import type { MailRef } from './mail-ref.ts';

export type MailFate =
  /** The service has taken it. */
  | 'sent'
  /** The recipient's mail server has. */
  | 'delivered'
  /** That server puts it off; the service goes on trying. */
  | 'delayed'
  /** It came back this time, and is not tried again: a full mailbox, a mail too large. The next may arrive. */
  | 'returned'
  /** It came back for good: there is no such mailbox. */
  | 'bounced'
  /** Its recipient marked it as unwanted. */
  | 'complained'
  /** The service did not send it on. */
  | 'rejected';

export interface MailEvent {
  /** Absent: no mail of ours, as far as its tags say. */
  readonly ref?: MailRef;
  readonly fate: MailFate;
  readonly recipient: string;
  /** What the service calls the mail. */
  readonly receipt: string;
  /** A sentence for an operator, absent where nothing is wrong. */
  readonly why?: string;
  /** When the service took the mail, and when this happened. */
  readonly mailedAtMs: number;
  readonly atMs: number;
}
