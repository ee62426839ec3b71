/** How whoever has an address wants mails: in which language, by which clock, and which of them not. */
import { addressKey } from '../../../rules/mail-address.ts';
import { isLeavable, type LeavableKind } from '../../../rules/mail-kinds.ts';
import { DEFAULT_LOCALE, DEFAULT_TIME_ZONE } from '../../../rules/mail-locale.ts';
import type { Chain } from './audit-event.ts';
import type { AuditHead } from './key-record.ts';

export interface OwnerSettings {
  readonly locale: string;
  /** Of the IANA database. */
  readonly timeZone: string;
  /** Kinds of mails that are not sent there. */
  readonly unsubscribed: readonly LeavableKind[];
}

/** As it is stored, with the end of its chain of events. */
export interface OwnerRecord extends OwnerSettings {
  readonly address: string;
  /** Grows by one with every change; a write holds only on the revision it was made from. */
  readonly revision: number;
  readonly audit: AuditHead;
}

/** Of an address that nothing is stored of. */
export const USUAL_SETTINGS: OwnerSettings = {
  locale: DEFAULT_LOCALE,
  timeZone: DEFAULT_TIME_ZONE,
  unsubscribed: [],
};

export const OWNER_CHAIN_PREFIX = 'owner/';

export const ownerChain = (address: string): Chain => ({
  chain: `${OWNER_CHAIN_PREFIX}${addressKey(address)}`,
  owner: address,
});

/** What must be told is, whatever is stored. */
export const wantsMail = ({ unsubscribed }: OwnerSettings, kind: string): boolean =>
  !isLeavable(kind) || !unsubscribed.includes(kind);
