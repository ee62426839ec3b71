/** What operators ask about rotations, and what they are told. Types only, as in `contract.ts`. */
import type { Evidence, RotationGroup, RotationPurpose, RotationStatus } from '../../../rules/words.ts';
import type { Timestamp } from './contract.ts';

export interface RotationsInput {
  /** Of this key alone, running and ended. */
  readonly keyId?: string;
  /** Default: of one key all; of all keys those that run, and those that failed in the last seven days. */
  readonly status?: RotationGroup;
  /** 1 to 100, default 50. */
  readonly limit?: number;
  readonly nextToken?: string;
}

/** The state machine's documented input. */
export interface RotationRequest {
  readonly keyId: string;
  readonly purpose: string;
  readonly reason?: string;
  readonly initiatedBy?: string;
  /** ISO 8601 duration. */
  readonly gracePeriod?: string;
  readonly immediateInvalidation?: boolean;
  readonly notifyClients?: boolean;
  readonly alertSecurity?: boolean;
}

/** The shares by which a migration is judged, over the window since the last judgement. */
export interface MigrationView {
  readonly oldRequests: number;
  readonly newRequests: number;
  /** 0 to 1; null when neither was used. */
  readonly newShare: number | null;
  readonly threshold: number;
  /** Latest use of each version, if it was in the window or up to an hour before it; null once the rotation has ended. */
  readonly oldLastUsedAt: Timestamp | null;
  readonly newLastUsedAt: Timestamp | null;
  /**
   * Requests of the key that were refused (retired or expired version, wrong secret, scope, address) in the window or
   * up to an hour before it; null once the rotation has ended.
   */
  readonly refusedRequests: number | null;
  /** Of all requests of the key, 0 to 1; null when there were none, and once the rotation has ended. */
  readonly refusedShare: number | null;
}

/** A minute in which the key was used while both versions were accepted. */
export interface MinuteView {
  /** Its start. */
  readonly minute: Timestamp;
  readonly oldRequests: number;
  readonly newRequests: number;
  readonly refusedRequests: number;
  /** Of the requests that were let in, 0 to 1; null when none was. */
  readonly newShare: number | null;
  /** Of all requests of the key, 0 to 1. */
  readonly refusedShare: number | null;
}

/** A client that still uses the old version. */
export interface StragglerView {
  readonly address: string;
  /** As the client states it. */
  readonly userAgent: string;
  readonly requests: number;
  readonly lastUsedAt: Timestamp;
}

export interface RotationView {
  readonly rotationId: string;
  readonly purpose: RotationPurpose;
  readonly status: RotationStatus;
  readonly fromVersion: number;
  /** null until the new version is generated. */
  readonly toVersion: number | null;
  readonly startedAt: Timestamp;
  readonly gracePeriodEndsAt: Timestamp | null;
  readonly extensions: number;
  /** The last reminder that was given. */
  readonly remindedAt: Timestamp | null;
  /** null when none is to come before the announced end. */
  readonly nextReminderAt: Timestamp | null;
  readonly evidence: Evidence | null;
  /** As of the last judgement: the owner has not received the new version, which waits still or is gone for good. */
  readonly undelivered: 'waiting' | 'gone' | null;
  /** It has had its last extension: the old version stays accepted until clients have moved, or an operator decides. */
  readonly held: boolean;
  readonly executionArn: string | null;
  readonly reason: string | null;
  readonly initiatedBy: string;
  readonly endedAt: Timestamp | null;
  /**
   * Since when it stands still: not begun, or not judged, a quarter of an hour after its time (five minutes of an
   * emergency). Null while it may go on by itself.
   */
  readonly stuckSince: Timestamp | null;
  /** Why it failed, when it did. */
  readonly failure: string | null;
  /** Use as measured right now while running, as last judged once ended; null before the dual-key window. */
  readonly migration: MigrationView | null;
  /**
   * Who used the old version in the window under judgement or up to an hour before it, most recent first, 20 at most;
   * empty unless both versions are accepted.
   */
  readonly stragglers: readonly StragglerView[];
  /** The last 15 minutes with requests, oldest first, as far as they are on record; empty once it has ended. */
  readonly minutes: readonly MinuteView[];
  /** Emergency only: milliseconds from the start to the committed refusal of the old version. */
  readonly refusedAfterMs: number | null;
  /**
   * Emergency only: milliseconds from the start to the first request with the old version that was refused; null until
   * one comes.
   */
  readonly firstRefusalAfterMs: number | null;
}

/** A rotation in a list. */
export interface RotationSummary
  extends Pick<
    RotationView,
    | 'rotationId'
    | 'purpose'
    | 'status'
    | 'fromVersion'
    | 'toVersion'
    | 'startedAt'
    | 'gracePeriodEndsAt'
    | 'extensions'
    | 'evidence'
    | 'undelivered'
    | 'held'
    | 'endedAt'
    | 'failure'
    | 'stuckSince'
  > {
  readonly keyId: string;
  readonly owner: string;
}

export interface RotationStarted {
  readonly rotationId: string;
  readonly executionArn: string;
  /** Old versions are refused at the latest this many milliseconds after the refusal is committed. */
  readonly revocationBoundMs: number;
}
