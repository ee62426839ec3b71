/** Before a mail is sent: where mail comes back from, only what is urgent goes. */
import { withholds } from '../domain/mail-block.ts';
import type { MailNotice } from '../domain/notice.ts';
import type { Clock } from '../ports/ambient.ts';
import type { MailBlocks } from '../ports/mail-blocks.ts';
import type { NoticeSender, SendOutcome } from '../ports/notices.ts';

export interface WithholdDeps {
  readonly blocks: Pick<MailBlocks, 'find'>;
  readonly clock: Clock;
}

/** Asked for each try: an address may have come to be one since the notice was made, or be one no more. */
export const withholdingSender = (
  { blocks, clock }: WithholdDeps,
  sender: NoticeSender<MailNotice>,
): NoticeSender<MailNotice> => ({
  async send(notice, attempt): Promise<SendOutcome> {
    const why = withholds(await blocks.find(notice.recipient, clock()), notice);
    return why === undefined ? sender.send(notice, attempt) : { outcome: 'withheld', why };
  },
  ...(sender.onGivenUp ? { onGivenUp: sender.onGivenUp.bind(sender) } : {}),
});
