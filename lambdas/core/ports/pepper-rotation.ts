/** What the rotation of the pepper reads and writes. */
import type { AuditEvent } from '../domain/audit-event.ts';
import type { KeyRecord } from '../domain/key-record.ts';
import type { PepperNeeds } from '../domain/pepper-rotation.ts';
import type { PepperSet, StoredPeppers } from '../domain/peppers.ts';

export interface PepperSecret {
  /** May lag behind a write; what is decided from it is written by `replace`, which does not. */
  read(): Promise<StoredPeppers>;
  /**
   * Writes the set if the secret still has this revision.
   *
   * @returns the new revision, or undefined when another write came first and nothing of this one holds
   */
  replace(revision: string, set: PepperSet): Promise<string | undefined>;
}

/** Needs as they were counted over all keys. */
export interface CountedNeeds {
  readonly countedAtMs: number;
  readonly needs: PepperNeeds;
}

export interface PepperRecord {
  /** The pepper's chain, oldest first. Read consistently. */
  events(): Promise<readonly AuditEvent[]>;
  /** `stale`: the chain has an event of this sequence already, and this one was not written. */
  append(event: AuditEvent): Promise<'appended' | 'stale'>;
  lastCount(): Promise<CountedNeeds | undefined>;
  saveCount(count: CountedNeeds): Promise<void>;
}

/** How an execution of the pepper machine went. */
export interface ExecutionOutcome {
  /** `not-found`: too new to be seen yet, or none of this name. */
  readonly status: 'running' | 'succeeded' | 'failed' | 'not-found';
  /** As the workflow has it. */
  readonly error?: string;
  readonly cause?: string;
}

export interface WalkedKeys {
  /** Read consistently. */
  readonly records: readonly KeyRecord[];
  /** The id to go on after; absent: these were the last. */
  readonly next?: string;
}

/**
 * All keys, each once, however they change meanwhile. A key that is issued during the walk, or some seconds before it,
 * may be missed.
 */
export interface KeyWalk {
  from(after: string | undefined): AsyncIterable<WalkedKeys>;
}
