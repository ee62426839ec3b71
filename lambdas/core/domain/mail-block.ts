/** An address that mail comes back from, or whose reader does not want it. */
import { addressKey } from '../../../rules/mail-address.ts';
import { isLeavable } from '../../../rules/mail-kinds.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import type { Chain } from './audit-event.ts';
import type { MailNotice } from './notice.ts';

export interface MailBlock {
  readonly address: string;
  readonly state: 'bounced' | 'complained';
  readonly sinceMs: number;
  readonly why: string;
  /** A mailbox may come back; who did not want mail is asked by an operator. */
  readonly untilMs?: number;
}

export const MAIL_CHAIN_PREFIX = 'mail/';

/** What operators have said of mail to an address. */
export const mailChain = (address: string): Chain => ({
  chain: `${MAIL_CHAIN_PREFIX}${addressKey(address)}`,
  owner: address,
});

const BOUNCED_FOR_MS = 90 * DAY_MS;

export function blockOf(
  state: MailBlock['state'],
  { recipient, why, atMs }: { readonly recipient: string; readonly why: string; readonly atMs: number },
): MailBlock {
  const until = state === 'bounced' ? { untilMs: atMs + BOUNCED_FOR_MS } : {};
  return { address: recipient, state, sinceMs: atMs, why, ...until };
}

/**
 * What is the only word of something that cuts a client off is tried all the same: a bounce may have been wrong, and is on
 * record if it was not.
 *
 * @returns why this one is not sent there, or undefined when it is
 */
export function withholds(
  block: MailBlock | undefined,
  { kind }: Pick<MailNotice, 'kind'>,
): string | undefined {
  if (!block || !isLeavable(kind)) return undefined;
  const why =
    block.state === 'bounced' ? 'Mail to this address came back' : 'Mail to this address was unwanted';
  return `${why}: ${block.why}`;
}
