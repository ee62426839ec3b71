/** What became of the mail with a claim link: one that came back is an offer that has come to nothing. */
import { failureText } from '../domain/failure-text.ts';
import { activeVersion, type KeyRecord, type KeyVersion } from '../domain/key-record.ts';
import type { MailEvent } from '../domain/mail-event.ts';
import type { MailRef } from '../domain/mail-ref.ts';
import { replaceVersion } from '../domain/rotation-steps.ts';
import { changeKey, type Decision } from './change-key.ts';
import { undelivered } from './note-failure.ts';
import { LINK_NOT_OUT } from './offer-link.ts';
import { MAIL_SERVICE, type SettleDeps, type Settled } from './settle-mail.ts';

type OfLink = Extract<MailRef, { of: 'link' }>;

/** Of a link that another has replaced, or whose key was taken, an event says nothing any more. */
export function settleLink(deps: SettleDeps, event: MailEvent, ref: OfLink): Promise<Settled> {
  return changeKey(deps.store, ref.keyId, (record): Decision<Settled> => {
    const version = record && activeVersion(record);
    if (!record || record.status === 'revoked' || !version || !isWaiting(version, ref)) {
      return { result: 'known' };
    }
    const change = changeBy(record, version, event, deps.clock());
    return change ? { result: 'settled', change } : { result: 'known' };
  });
}

const isWaiting = ({ version, offer, receivedAtMs }: KeyVersion, ref: OfLink): boolean =>
  version === ref.version && receivedAtMs === undefined && offer?.link?.tokenHash === ref.tokenHash;

function changeBy(record: KeyRecord, version: KeyVersion, { fate, why }: MailEvent, nowMs: number) {
  const isOpen = version.offer?.failure === LINK_NOT_OUT;
  switch (fate) {
    case 'sent':
    case 'delivered':
      return isOpen ? out(record, version, nowMs) : undefined;
    case 'delayed':
      return undefined;
    case 'returned':
    case 'bounced':
    case 'complained':
    case 'rejected': {
      // What failed before says why already.
      if (!isOpen && version.offer?.failure !== undefined) return undefined;
      const failed = {
        actor: MAIL_SERVICE,
        by: 'claim-link',
        reason: failureText(why ?? ''),
        atMs: nowMs,
      } as const;
      const { offer } = version;
      return undelivered(record, version, { ...failed, ...(offer ? { triedAtMs: offer.atMs } : {}) }).change;
    }
  }
}

/** Who sent it died before that was on record. */
function out(record: KeyRecord, version: KeyVersion, nowMs: number): Decision<Settled>['change'] {
  if (!version.offer) return undefined;
  const { failure: _none, ...offer } = version.offer;
  return {
    after: { ...record, versions: replaceVersion(record, { ...version, offer }) },
    entry: {
      action: 'version.offered',
      actor: MAIL_SERVICE,
      atMs: nowMs,
      detail: { version: version.version, by: offer.by, received: false, out: true, again: false },
    },
  };
}
