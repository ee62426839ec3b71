/** Which versions of a key a stranger may know, and until when they are accepted. */
import type { KeyRecord, KeyVersion } from './key-record.ts';

/** An emergency as far as it decides what is left of a key: everything made until `sinceMs` may be known. */
export interface Compromise {
  readonly sinceMs: number;
  /** Refused at a set time is not enough. */
  readonly immediate: boolean;
}

/**
 * `exposed`: a version that may be known is accepted without an end. `bounded`: none is, once `refusedAtMs` has come.
 * `refused`: none is any more.
 */
export type Exposure =
  | { readonly state: 'exposed' }
  | { readonly state: 'bounded' | 'refused'; readonly refusedAtMs: number };

type MayBeKnown = (version: KeyVersion, record: KeyRecord) => boolean;

/** Judged by the key alone, so that it does not matter which rotation has done it. */
export function exposureOf(
  record: KeyRecord,
  compromise: Compromise,
  nowMs: number,
  mayBeKnown: MayBeKnown = ({ createdAtMs }) => createdAtMs <= compromise.sinceMs,
): Exposure {
  const known = record.versions.filter((version) => mayBeKnown(version, record));
  if (known.some((version) => isOpen(version, compromise, nowMs))) return { state: 'exposed' };
  const refusedAtMs =
    known.length === 0
      ? goneByMs(record, compromise)
      : Math.max(...known.map(({ retiredAtMs, refuseAfterMs }) => retiredAtMs ?? refuseAfterMs ?? 0));
  return { state: refusedAtMs > nowMs ? 'bounded' : 'refused', refusedAtMs };
}

/** Versions leave the record in the order in which they retired: those that are gone, before any that is there. */
const goneByMs = ({ versions }: KeyRecord, { sinceMs }: Compromise): number => {
  const retiredMs = versions.flatMap(({ retiredAtMs }) => retiredAtMs ?? []);
  return retiredMs.length > 0 ? Math.min(...retiredMs) : sinceMs;
};

function isOpen({ status, refuseAfterMs }: KeyVersion, { immediate }: Compromise, nowMs: number): boolean {
  if (status === 'active') return true;
  if (status !== 'deprecating') return false;
  return refuseAfterMs === undefined || (immediate && refuseAfterMs > nowMs);
}

/** Handed out or used by then: a version that still lay sealed was known to nobody. */
export const receivedBy =
  (sinceMs: number): MayBeKnown =>
  ({ version, createdAtMs, receivedAtMs }, { firstUsesMs }) =>
    createdAtMs <= sinceMs &&
    Math.min(receivedAtMs ?? Infinity, firstUsesMs[String(version)] ?? Infinity) <= sinceMs;
