/** Brings the accepted version to where its owner gets it, by the key's delivery or another one. */
import type { Delivery } from '../../../rules/words.ts';
import {
  activeVersion,
  deliveryOf,
  type KeyRecord,
  type KeyVersion,
  wasLinkDisputed,
  wasReceived,
} from '../domain/key-record.ts';
import { isToOfferAgain, offeredAtMs } from '../domain/offer-again.ts';
import { isPlaced } from '../domain/placed-delivery.ts';
import { findWaiting } from './claim-key.ts';
import { noteOffer } from './note-offer.ts';
import type { OfferDeps, Offering, OfferOutcome } from './offer-deps.ts';
import { offerInPlace } from './offer-in-place.ts';
import { offerLink } from './offer-link.ts';

/** Throws what the place or the sender throws: it is not on record as out then, and can be repeated. */
export async function offerVersion(deps: OfferDeps, keyId: string, asked: Offering): Promise<OfferOutcome> {
  const record = await deps.store.find(keyId);
  if (!record) return { outcome: 'unknown-key' };
  if (record.status === 'revoked') return { outcome: 'revoked' };
  const version = activeVersion(record);
  if (!version) return { outcome: 'nothing-waits' };
  if (version.receivedAtMs !== undefined) return { outcome: 'received', version };
  const again = isAgain(record, asked);
  if (version.offer && version.offer.failure === undefined && !again) {
    return { outcome: 'offered-before', version };
  }
  const how = { ...asked, again };
  const by = how.by ?? (how.rotationId === undefined ? record.delivery : wayOf(record, version));
  const isWithOperator = by === 'operator' && deliveryOf(record, version) === 'operator';
  // It lies where `claim` finds it: to say so once more for each rotation would be a write for nothing.
  if (isWithOperator && !how.again) return { outcome: 'offered-before', version };
  // A place gets it all the same: its client may have read what a crash has kept off the record.
  if (!isPlaced(by) && wasReceived(record, version)) return { outcome: 'received', version };
  const sealed = await findWaiting(deps, record);
  if (!sealed) return { outcome: 'nothing-waits' };
  if (isWithOperator) return { outcome: 'offered-before', version };
  const waiting = { record, version, sealed };
  if (isPlaced(by)) return offerInPlace(deps, waiting, by, how);
  if (by === 'claim-link') return offerLink(deps, waiting, how);
  if (by === 'renewal-key' && record.destination?.kind !== 'renewal') return { outcome: 'no-destination' };
  return noteOffer(deps, waiting, { by, atMs: offeredAtMs(record, deps.clock()) }, how);
}

/** Asked of the key as it stands: what another environment has sent on the same occasion is not sent again. */
const isAgain = (record: KeyRecord, { again, rotationId }: Offering): boolean =>
  again ?? (rotationId !== undefined && record.rotation?.rotationId === rotationId && isToOfferAgain(record));

/** Nothing goes by itself to where the last link was read by somebody else: the operator takes it, or says how. */
function wayOf(record: KeyRecord, version: KeyVersion): Delivery {
  const way = deliveryOf(record, version);
  return way === 'claim-link' && wasLinkDisputed(record) ? 'operator' : way;
}
