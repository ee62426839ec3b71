/**
 * Which mails a change of a key causes, and to whom. The one place that knows: every change passes it, and what it makes
 * is written in the change's own transaction.
 */
import { addressKey, parseMailAddress } from '../../../rules/mail-address.ts';
import { partitionOf } from '../../../rules/table-items.ts';
import type { AuditEvent } from './audit-event.ts';
import {
  deliveryOf,
  type KeyRecord,
  type Rotation,
  versionOf,
  versionWith,
  wasLinkDisputed,
} from './key-record.ts';
import type { KeyMailNotice } from './notice.ts';
import { type Cause, causeOf, type ToldFacts } from './notice-causes.ts';

export interface CausingChange {
  /** Absent: the key is new. */
  readonly before?: KeyRecord;
  readonly after: KeyRecord;
  readonly event: AuditEvent;
  readonly told?: ToldFacts;
}

/** By the change's rotation; a rotation that is to tell nobody causes none. */
export function noticesOfChange(change: CausingChange): readonly KeyMailNotice[] {
  const { before, after, event, told } = change;
  const rotation = rotationOf(change);
  const cause = causeOf({ before, after, event, rotation, told });
  if (!cause || (event.rotationId !== undefined && rotation?.notifyClients === false)) return [];
  return recipientsOf(after, cause).map((recipient) => noticeTo(recipient, cause, change));
}

function rotationOf({ before, after, event, told }: CausingChange): Rotation | undefined {
  const known = [after.rotation, before?.rotation, told?.rotation];
  return known.find((each) => each !== undefined && each.rotationId === event.rotationId);
}

/** Each mailbox once, the owner first. An owner that is no mail address is told nothing by mail. */
function recipientsOf(record: KeyRecord, { linkSays = false }: Cause): readonly string[] {
  const all = [record.owner, ...(record.recipients ?? [])];
  const seen = new Set<string>(linkSays ? [addressKey(record.owner)] : []);
  return all.filter((address) => {
    const isNew = !seen.has(addressKey(address)) && parseMailAddress(address, 'recipient').ok;
    seen.add(addressKey(address));
    return isNew;
  });
}

function noticeTo(recipient: string, cause: Cause, { after, event }: CausingChange): KeyMailNotice {
  const { kind, occasion, ordinal } = cause;
  const about = ordinal === undefined ? kind : `${kind}-${ordinal}`;
  return {
    noticeId: `${occasion}#${about}#${addressKey(recipient)}`,
    partition: partitionOf(after.keyId),
    madeAtMs: event.atMs,
    keyId: after.keyId,
    owner: after.owner,
    ...(event.rotationId === undefined ? {} : { rotationId: event.rotationId }),
    channel: 'mail',
    kind,
    recipient,
    facts: {
      keyName: after.name,
      environment: after.environment,
      delivery: wayOf(after, cause.facts.version),
      atMs: event.atMs,
      ...cause.facts,
    },
  };
}

/** How the version that the notice is about reaches its owner. */
function wayOf(record: KeyRecord, number: number | undefined) {
  const version = versionOf(record, number) ?? versionWith(record, 'active');
  const way = version ? deliveryOf(record, version) : record.delivery;
  return way === 'claim-link' && wasLinkDisputed(record) ? 'operator' : way;
}
