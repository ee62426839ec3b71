/** How much each version of a key was used, and by whom. */

import type { Caller } from '../domain/caller.ts';

export interface VersionUse {
  /** Authorized requests in all. */
  readonly requests: number;
  /** Those of them that were made while the version was deprecating. */
  readonly deprecatingRequests: number;
  readonly lastUsedAtMs: number;
  /** Who used it while deprecating, most recent first: a bounded list. */
  readonly callers: readonly Caller[];
}

/** Requests in one minute in which a key had two accepted versions. */
export interface MinuteUse {
  /** Start of the minute. */
  readonly minuteMs: number;
  /** By version number; refused ones under `REFUSED`. */
  readonly requests: ReadonlyMap<number, number>;
}

/** A minute's requests, and the latest use of each version in its hour. */
export interface ObservedMinute {
  /** By version number; refused ones under `REFUSED`. */
  readonly requests: ReadonlyMap<number, number>;
  readonly lastUsesMs: ReadonlyMap<number, number>;
}

export interface MinuteReader {
  /** May lag by a moment: for minutes that are surely on record. */
  minute(keyId: string, minuteMs: number): Promise<ObservedMinute>;
}

export interface UseStore {
  /** Totals by version number, from the hour of `sinceMs` on; those of refused requests under `REFUSED`. */
  totals(keyId: string, sinceMs: number): Promise<ReadonlyMap<number, VersionUse>>;
  /** The last `most` minutes with requests, none before that of `sinceMs`, oldest first. */
  lastMinutes(keyId: string, sinceMs: number, most: number): Promise<readonly MinuteUse[]>;
}
