/** What a language must have for the mail about a webhook that is told no more. */
import type { WebhookMailFacts } from '../../core/domain/notice.ts';

/** With the receiver's host in marks. */
type OfHost = (host: string) => string;

export interface WebhookWords {
  readonly subject: OfHost;
  /** By why it is disabled. */
  readonly happened: Readonly<Record<WebhookMailFacts['why'], OfHost>>;
  readonly toDo: string;
  /** With the command that operators enable it by. */
  readonly howTo: (command: string) => string;
  /** What becomes of events until then. */
  readonly meanwhile: string;
  readonly labels: { readonly webhook: string; readonly receiver: string; readonly failingSince: string };
  /** Why its reader gets it. */
  readonly why: string;
}
