/** Addresses that mail comes back from, by address; in whatever case it is written. */
import type { AuditEvent } from '../domain/audit-event.ts';
import type { MailBlock } from '../domain/mail-block.ts';

export interface MailBlocks {
  /** Read consistently; one whose time is over is none. */
  find(address: string, nowMs: number): Promise<MailBlock | undefined>;
  /**
   * One that is worse or newer takes the place of what is there. An event of a mail that was sent before the address was
   * lifted says nothing of it now.
   *
   * @param mailedAtMs when the mail was sent that came back
   */
  block(block: MailBlock, mailedAtMs: number): Promise<'blocked' | 'known'>;
  /** Mail arrived there that was sent after others came back. Who did not want mail is not asked by that. */
  delivered(address: string, mailedAtMs: number): Promise<void>;
  /**
   * By an operator's word, with its event in one transaction. `stale`: the address stands otherwise than it was seen, or
   * another event took the place in the chain, and nothing was written.
   */
  lift(seen: MailBlock, atMs: number, event: AuditEvent): Promise<'lifted' | 'stale'>;
}
