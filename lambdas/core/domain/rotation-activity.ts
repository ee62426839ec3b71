/** What clients did in a minute of a rotation: how many have moved, and how many were refused. Pure functions. */
import { newShare } from './judge-migration.ts';
import type { Rotation, UseCounts } from './key-record.ts';

/** The version under which refused requests of a key are counted: those of a key begin with 1. */
export const REFUSED = 0;

export interface Activity extends UseCounts {
  readonly refusedRequests: number;
}

export interface Shares {
  /** Of the requests that were let in, 0 to 1: those with the new version. Null when none was. */
  readonly newShare: number | null;
  /** Of all requests of the key, 0 to 1: those that were refused. Null when there were none. */
  readonly refusedShare: number | null;
}

/** @param requests by version number, refused ones under `REFUSED` */
export const activityOf = (
  requests: ReadonlyMap<number, number>,
  { fromVersion, toVersion }: Pick<Rotation, 'fromVersion' | 'toVersion'>,
): Activity => ({
  oldRequests: requests.get(fromVersion) ?? 0,
  newRequests: toVersion === undefined ? 0 : (requests.get(toVersion) ?? 0),
  refusedRequests: requests.get(REFUSED) ?? 0,
});

/** All of them, let in or refused. */
export const requestsIn = ({ oldRequests, newRequests, refusedRequests }: Activity): number =>
  oldRequests + newRequests + refusedRequests;

export function sharesOf(activity: Activity): Shares {
  const all = requestsIn(activity);
  return { newShare: newShare(activity), refusedShare: all === 0 ? null : activity.refusedRequests / all };
}
