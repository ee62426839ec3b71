/** How much each version of a key was used, and by whom. */

/** One user of a deprecating version, as far as the bounded list holds it. */
export interface Caller {
  readonly address: string;
  readonly userAgent: string;
  readonly requests: number;
  readonly lastUsedAtMs: number;
}

export interface VersionUse {
  /** Authorized requests in all. */
  readonly requests: number;
  /** Those of them that were made while the version was deprecating. */
  readonly deprecatingRequests: number;
  readonly lastUsedAtMs: number;
  /** Who used it while deprecating, most recent first. */
  readonly callers: readonly Caller[];
}

export interface UseStore {
  /** Totals by version number, from the hour of `sinceMs` on. */
  totals(keyId: string, sinceMs: number): Promise<ReadonlyMap<number, VersionUse>>;
}
