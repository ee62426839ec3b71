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

export interface UseStore {
  /** Totals by version number, from the hour of `sinceMs` on. */
  totals(keyId: string, sinceMs: number): Promise<ReadonlyMap<number, VersionUse>>;
}
