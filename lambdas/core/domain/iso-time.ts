/** Points in time as they are told to others: ISO 8601 UTC. */

export const iso = (atMs: number): string => new Date(atMs).toISOString();

export const isoOrNull = (atMs: number | undefined): string | null => (atMs === undefined ? null : iso(atMs));
