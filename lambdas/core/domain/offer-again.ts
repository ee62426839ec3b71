/** When a version that has not reached its owner goes out once more: with each reminder, and with each extension. */
import type { Delivery } from '../../../rules/words.ts';
import {
  activeVersion,
  deliveryOf,
  type KeyRecord,
  type KeyVersion,
  type Rotation,
  wasReceived,
} from './key-record.ts';
import { isPlaced } from './placed-delivery.ts';

/** By the other ways it lies where its owner takes it, and nothing is sent. */
const goesOut = (by: Delivery): boolean => by === 'claim-link' || isPlaced(by);

/** The last reminder or judgement; before the first, the beginning of time. */
export const lastOccasionMs = (rotation: Rotation | undefined): number =>
  Math.max(rotation?.remindedAtMs ?? 0, rotation?.verdict?.judgedAtMs ?? 0);

/** Never before what it answers, whatever the clock of the environment says that offers. */
export const offeredAtMs = ({ rotation }: KeyRecord, nowMs: number): number =>
  Math.max(nowMs, lastOccasionMs(rotation));

/**
 * Follows from what is on record alone, so that a step which is repeated finds the occasion used. A rotation may hold for
 * months: then only what came to nothing is tried again, and the owner gets no more mail.
 */
export function isToOfferAgain(record: KeyRecord): boolean {
  const { rotation, status } = record;
  const version = activeVersion(record);
  if (status !== 'enabled' || rotation?.status !== 'dual-key' || !version) return false;
  if (version.version !== rotation.toVersion || wasReceived(record, version)) return false;
  if (!goesOut(deliveryOf(record, version)) || rotation.verdict?.undelivered === 'gone') return false;
  const isDue = (version.offer?.atMs ?? 0) < lastOccasionMs(rotation);
  return isDue && (!isHeld(rotation) || !isOut(version));
}

const isHeld = ({ verdict }: Rotation): boolean => verdict?.decision === 'hold';

const isOut = ({ offer }: KeyVersion): boolean => offer !== undefined && offer.failure === undefined;
