/** What a check of the audit takes, by how much is on record. */
import type { Machine } from '../machine.ts';

/** Events on record, and chains that they are in. */
export interface AuditSize {
  readonly events: number;
  readonly chains: number;
}

export interface CheckedSize extends AuditSize {
  /** By round, as the process counts its own processor time, and by the clock. */
  readonly processorMilliseconds: readonly number[];
  readonly milliseconds: readonly number[];
  /** Most that was alive on the heap at a time, above what was before; after a collection every few thousand records. */
  readonly liveMegabytes: number;
}

/** One daily digest with as many new events each time. */
export interface TakenDigest extends AuditSize {
  readonly newEvents: number;
  /** Counted. */
  readonly eventsRead: number;
  readonly chainsRead: number;
}

export interface AuditResults {
  readonly date: string;
  readonly machine: Machine;
  /** As many events a chain: chains grow with events. */
  readonly growing: readonly CheckedSize[];
  /** The same chains throughout. */
  readonly sameChains: readonly CheckedSize[];
  readonly digests: readonly TakenDigest[];
}
