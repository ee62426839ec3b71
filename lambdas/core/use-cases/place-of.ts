import type { Destination, KeyRecord } from '../domain/key-record.ts';
import type { KeyPlace } from '../ports/key-place.ts';
import type { OfferDeps } from './offer-version.ts';

/** The place where a key's client reads it, if its delivery has one. */
export function placeOf(
  places: OfferDeps['places'],
  { destination }: Pick<KeyRecord, 'destination'>,
): { readonly place: KeyPlace; readonly destination: Destination } | undefined {
  if (destination?.kind === 'secret') return { place: places['secrets-manager'], destination };
  if (destination?.kind === 'vault') return { place: places.vault, destination };
  return undefined;
}
