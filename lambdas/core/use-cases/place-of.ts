import type { Destination, KeyRecord } from '../domain/key-record.ts';
import { PLACE_KINDS, type PlacedDelivery } from '../domain/placed-delivery.ts';
import type { KeyPlace } from '../ports/key-place.ts';
import type { OfferDeps } from './offer-deps.ts';

export interface FoundPlace {
  /** The delivery that writes there. */
  readonly by: PlacedDelivery;
  readonly place: KeyPlace;
  readonly destination: Destination;
}

/** The place where a key's client reads it, if the key has a destination that is one. */
export function placeOf(
  places: OfferDeps['places'],
  { destination }: Pick<KeyRecord, 'destination'>,
): FoundPlace | undefined {
  const by = (Object.keys(PLACE_KINDS) as PlacedDelivery[]).find(
    (delivery) => PLACE_KINDS[delivery] === destination?.kind,
  );
  return by && destination && { by, place: places[by], destination };
}
