/** Offers a version by writing it where its client reads it. */
import { activeVersion, deliveryOf, type KeyRecord, type Offer, versionWith } from '../domain/key-record.ts';
import { offeredAtMs } from '../domain/offer-again.ts';
import type { PlacedDelivery } from '../domain/placed-delivery.ts';
import type { PlacedVersion } from '../ports/key-place.ts';
import { note, noteOffer } from './note-offer.ts';
import type { OfferDeps, Offering, OfferOutcome, Waiting } from './offer-deps.ts';
import { type FoundPlace, placeOf } from './place-of.ts';

/**
 * Written to the place first and on record after it: repeated, it writes the same once more. If the version was taken
 * back meanwhile, or the key revoked, the place is put right, since whoever did that may have been there before this
 * write; also when the write seems to have failed, for it may have come through.
 */
export async function offerInPlace(
  deps: OfferDeps,
  waiting: Waiting,
  by: PlacedDelivery,
  how: Offering,
): Promise<OfferOutcome> {
  const { record, version, sealed } = waiting;
  const { keyId } = record;
  const found = placeOf(deps.places, record);
  if (found?.by !== by) return { outcome: 'no-destination' };
  const turned = await turnTo(deps, waiting, by, how);
  if (turned) return turned;
  const right = () => putRight(deps, waiting, found);
  const placed = {
    keyId,
    version: version.version,
    key: await deps.sealer.open(sealed),
    ...besides(deps, record, how),
  };
  try {
    await found.place.put(found.destination, placed);
  } catch (error) {
    await right().catch(() => undefined);
    throw error;
  }
  const nowMs = deps.clock();
  const noted = await note(deps, keyId, version.version, how, (current) => ({
    version: {
      ...current,
      offer: { by, atMs: offeredAtMs(record, nowMs) },
      receivedAtMs: nowMs,
      receivedBy: 'placed',
    },
    destroy: [sealed],
  }));
  if (noted.outcome === 'nothing-waits') await right();
  return noted;
}

/**
 * A version that waits to be taken another way is not waiting there any more once it is on its way to the place: or it
 * would be handed out twice.
 *
 * @returns how it ended, if it was taken before that
 */
async function turnTo(
  deps: OfferDeps,
  waiting: Waiting,
  by: PlacedDelivery,
  how: Offering,
): Promise<OfferOutcome | undefined> {
  if (deliveryOf(waiting.record, waiting.version) === by) return undefined;
  const atMs = offeredAtMs(waiting.record, deps.clock());
  const offer: Offer = { by, atMs, failure: 'It is not in its place yet.' };
  const turned = await noteOffer(deps, waiting, offer, how);
  return turned.outcome === 'offered' ? undefined : turned;
}

/** What a place may want to know of a version beside its key. */
function besides(
  { policies }: OfferDeps,
  record: KeyRecord,
  { rotationId }: Offering,
): Omit<PlacedVersion, 'keyId' | 'version' | 'key'> {
  const old = versionWith(record, 'deprecating');
  const policy = policies.get(record.policy);
  return {
    ...(old?.expiresAtMs === undefined ? {} : { previousExpiresAtMs: old.expiresAtMs }),
    ...(old ? { previousVersion: old.version } : {}),
    ...(rotationId === undefined ? {} : { rotationId }),
    ...(policy ? { rotateEverySeconds: policy.rotateEverySeconds } : {}),
  };
}

async function putRight(
  { store }: OfferDeps,
  { record: { keyId }, version }: Waiting,
  { place, destination }: FoundPlace,
): Promise<void> {
  const record = await store.find(keyId);
  if (record?.status === 'revoked') return place.remove(destination, keyId);
  const active = record && activeVersion(record);
  if (active && active.version !== version.version) await place.restore(destination, keyId, active.version);
}
