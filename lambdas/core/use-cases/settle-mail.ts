/** What the mail service tells of a mail is put on record: of the address, of the notice or the link that it brought. */
import type { Actor } from '../domain/audit-event.ts';
import { blockOf } from '../domain/mail-block.ts';
import type { MailEvent } from '../domain/mail-event.ts';
import type { Clock } from '../ports/ambient.ts';
import type { KeyStore } from '../ports/key-store.ts';
import type { MailBlocks } from '../ports/mail-blocks.ts';
import type { Outbox } from '../ports/notices.ts';
import { settleLink } from './settle-link.ts';
import { settleNotice } from './settle-notice.ts';

export interface SettleDeps {
  readonly store: KeyStore;
  readonly outbox: Pick<Outbox, 'find' | 'move'>;
  readonly blocks: MailBlocks;
  readonly clock: Clock;
}

/** `known`: nothing was written that was not on record before. */
export type Settled = 'settled' | 'known';

/** Who it is that events of mail come from. */
export const MAIL_SERVICE: Actor = { principal: 'keyturn:mail-events', via: 'ses' };

/** Repeating it changes nothing; what a crash has left out, the next try adds. */
export async function settleMail(deps: SettleDeps, event: MailEvent): Promise<Settled> {
  await settleAddress(deps, event);
  switch (event.ref?.of) {
    case 'notice':
      return settleNotice(deps, event, event.ref);
    case 'link':
      return settleLink(deps, event, event.ref);
    case undefined:
      return 'known';
  }
}

async function settleAddress({ blocks }: SettleDeps, event: MailEvent): Promise<void> {
  const { fate, recipient, why = '', atMs, mailedAtMs } = event;
  if (recipient === '') return;
  if (fate === 'delivered') await blocks.delivered(recipient, mailedAtMs);
  if (fate === 'bounced' || fate === 'complained') {
    await blocks.block(blockOf(fate, { recipient, why, atMs }), mailedAtMs);
  }
}
