/** What is told of a rotation while it runs: ids and numbers only. */

/** One minute of one rotation in which its key was used. Told at least once: rotation and minute say which it is. */
export interface RotationMinute {
  readonly keyId: string;
  readonly rotationId: string;
  /** Start of the minute, ISO 8601 UTC. */
  readonly minute: string;
  readonly oldVersion: number;
  readonly newVersion: number;
  readonly oldRequests: number;
  readonly newRequests: number;
  readonly refusedRequests: number;
  /** Of the requests that were let in, 0 to 1; null when none was. */
  readonly newShare: number | null;
  /** Of all requests of the key, 0 to 1. */
  readonly refusedShare: number | null;
  /** Latest use of each version on record in the hour of the minute; null for none. */
  readonly oldLastUsedAt: string | null;
  readonly newLastUsedAt: string | null;
}

export interface RotationEvents {
  /** @returns how many could not be told */
  publish(minutes: readonly RotationMinute[]): Promise<number>;
}
