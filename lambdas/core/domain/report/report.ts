/**
 * The evidence report: what is on record of a period, and how the keys stood when it was made. Plain values alone, so that
 * every form of it (JSON, CSV, a page) shows the same figures and one hash covers them all.
 */
import type { Evidence, RotationPurpose } from '../../../../rules/words.ts';
import type { ControlRow } from './controls.ts';
import type { KeyRow, PolicyRow } from './policy-standing.ts';
import type { Spread } from './spread.ts';

export const REPORT_FORMAT = 'keyturn-report/1';

export interface Period {
  readonly fromMs: number;
  /** Not in it any more. */
  readonly toMs: number;
}

export interface Report {
  readonly format: typeof REPORT_FORMAT;
  readonly period: { readonly from: string; readonly to: string };
  readonly made: Made;
  readonly record: RecordFigures;
  readonly standing: StandingFigures;
  readonly controls: readonly ControlRow[];
  /** What the figures do not say. */
  readonly limits: readonly string[];
  /** The latest signed digest of the record up to the end of the period; null where there is none. */
  readonly digest: DigestMark | null;
}

export interface Made {
  readonly at: string;
  readonly by: string;
  readonly version: string;
  readonly stack: string;
  readonly place: string;
}

export interface DigestMark {
  readonly date: string;
  readonly sha256: string;
  readonly signature: string;
  readonly keyFingerprint: string;
}

/** From the events of the period alone: made again from the same record, it is the same. */
export interface RecordFigures {
  readonly events: EventFigures;
  readonly rotations: {
    readonly outcomes: readonly OutcomeRow[];
    readonly durations: readonly DurationRow[];
    readonly rows: readonly RotationRow[];
  };
  readonly emergencies: EmergencyFigures;
  readonly extensions: { readonly rotations: number; readonly extensions: number; readonly holds: number };
  readonly keys: KeyChanges;
  readonly deliveries: DeliveryFigures;
  readonly security: readonly SecurityRow[];
  readonly actors: readonly ActorRow[];
}

export interface EventMark {
  readonly at: string;
  readonly chain: string;
  readonly sequence: number;
  readonly hash: string;
}

export interface EventFigures {
  readonly count: number;
  readonly chains: number;
  readonly first: EventMark | null;
  readonly last: EventMark | null;
  /** SHA-256 over the events' own hashes in their order, each followed by a line feed; hex. */
  readonly sha256: string;
  /** Sequence numbers between a chain's first and last event of the period that are not in the period. */
  readonly missing: number;
  readonly actions: readonly Count[];
}

export interface Count {
  readonly of: string;
  readonly count: number;
}

/** Rotations that ran at any time of the period; `ended` are those that ended in it. */
export interface OutcomeRow {
  readonly purpose: RotationPurpose | 'unknown';
  readonly started: number;
  readonly completed: number;
  readonly rolledBack: number;
  readonly failed: number;
  /** At the end of the period. */
  readonly running: number;
}

export interface DurationRow {
  readonly purpose: RotationPurpose | 'unknown' | 'all';
  /** From the order to the end, of completed ones. */
  readonly spread: Spread;
}

/** How far clients had moved, as it was measured then. */
export interface MigrationPoint {
  readonly at: string;
  readonly oldRequests: number;
  readonly newRequests: number;
  /** 0 to 1; null when there were no requests. */
  readonly newShare: number | null;
}

export interface RotationRow {
  readonly rotationId: string;
  readonly keyId: string;
  readonly owner: string;
  readonly purpose: RotationPurpose | 'unknown';
  readonly outcome: 'completed' | 'rolled-back' | 'failed' | 'running';
  readonly fromVersion: number | null;
  readonly toVersion: number | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly durationMs: number | null;
  readonly extensions: number;
  readonly holds: number;
  /** Of the last judgement in the period. */
  readonly evidence: Evidence | null;
  readonly startedBy: string | null;
  readonly reason: string | null;
  readonly failure: string | null;
  readonly migration: readonly MigrationPoint[];
}

export interface EmergencyFigures {
  readonly rows: readonly EmergencyRow[];
  /** From the order to the refusal, where the old version was refused without a grace period. */
  readonly atOnce: Spread | null;
  /** The same where it was refused at the end that was set. */
  readonly atSetEnd: Spread | null;
}

export interface EmergencyRow {
  readonly rotationId: string;
  readonly keyId: string;
  readonly owner: string;
  readonly reason: string | null;
  readonly oldVersion: number | null;
  readonly orderedAt: string | null;
  /** From when on the old version is refused, by what is written; null while it is not. */
  readonly refusedAt: string | null;
  /** By the write that replaced it, at the end that was set with it, or with the whole key. */
  readonly refused: 'at-once' | 'at-set-end' | 'by-revocation' | null;
  readonly toRefusalMs: number | null;
  readonly outcome: RotationRow['outcome'];
}

export interface KeyChangeRow {
  readonly at: string;
  readonly keyId: string;
  readonly owner: string;
  readonly action: string;
  readonly by: string;
  /** As of an actor. */
  readonly proven: boolean | null;
  readonly reason: string | null;
}

export interface KeyChanges {
  readonly issued: number;
  readonly disabled: number;
  readonly enabled: number;
  readonly revoked: number;
  readonly exempted: number;
  readonly unexempted: number;
  readonly rows: readonly KeyChangeRow[];
}

/** Of key versions that were made in the period. */
export interface DeliveryFigures {
  readonly versions: number;
  readonly received: readonly Count[];
  /** Tries that came to nothing, whatever became of the version. */
  readonly failedTries: number;
  /** Those of which the period's events know no receipt. */
  readonly open: readonly OpenDelivery[];
}

export interface OpenDelivery {
  readonly keyId: string;
  readonly owner: string;
  readonly version: number;
  readonly madeAt: string;
  readonly failedTries: number;
  /** Why the last try came to nothing. */
  readonly failure: string | null;
}

export interface SecurityRow {
  readonly action: string;
  readonly chain: string;
  readonly owner: string | null;
  readonly count: number;
  /** That the events stand for: one event of wrong keys or of a retired one has those of a window. */
  readonly requests: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface ActorRow {
  readonly principal: string;
  /** Whether AWS has named it; false: a tool stated it; null: no operator. */
  readonly proven: boolean | null;
  readonly via: string;
  readonly events: number;
  /** Of them those that came to nothing or were refused. */
  readonly unsuccessful: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly actions: readonly Count[];
}

/** How the keys stood when the report was made. */
export interface StandingFigures {
  /** When the first key was read, and when the last had been. */
  readonly readFrom: string;
  readonly readTo: string;
  /** Milliseconds within which a refusal that is written holds everywhere, as deployed. */
  readonly revocationBoundMs: number;
  readonly counts: Readonly<Record<'total' | 'enabled' | 'disabled' | 'revoked', number>>;
  readonly policies: readonly PolicyRow[];
  readonly keys: readonly KeyRow[];
  readonly receipts: readonly ReceiptRow[];
  readonly firstRefusals: readonly FirstRefusalRow[];
}

/** What the key itself says of a version that the period's events know no receipt of. */
export interface ReceiptRow extends OpenDelivery {
  readonly state: 'received-since' | 'used' | 'not-received' | 'retired-unreceived' | 'not-known';
  readonly receivedAt: string | null;
}

/** The first request with a version that an emergency replaced which was refused. */
export interface FirstRefusalRow {
  readonly rotationId: string;
  readonly keyId: string;
  readonly at: string;
  readonly afterOrderMs: number;
  /** After the write from which on it is refused; negative when a set end came first. */
  readonly afterRefusalMs: number | null;
}
