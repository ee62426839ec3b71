/** Deliveries that write a key where its client reads it. */
import type { Delivery } from '../../../rules/words.ts';
import type { Destination } from './key-record.ts';

export type PlacedDelivery = Extract<Delivery, 'secrets-manager' | 'vault'>;

/** What kind of destination each of them writes to. */
export const PLACE_KINDS = {
  'secrets-manager': 'secret',
  vault: 'vault',
} as const satisfies Record<PlacedDelivery, Destination['kind']>;

export const isPlaced = (delivery: Delivery): delivery is PlacedDelivery => delivery in PLACE_KINDS;
