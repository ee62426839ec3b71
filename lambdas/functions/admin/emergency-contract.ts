/** What operators ask about emergencies of many keys, and what they are told. Types only, as in `contract.ts`. */
import type { RotationPurpose, RotationStatus } from '../../../rules/words.ts';
import type { ActorClaim, KeySummary, Timestamp } from './contract.ts';

/** Exactly one of them. */
export interface ManyKeys {
  readonly owner?: string;
  readonly all?: true;
}

export interface EmergencyRequest extends ManyKeys {
  readonly reason: string;
  readonly immediateInvalidation?: boolean;
  /** ISO 8601 duration. */
  readonly gracePeriod?: string;
}

export interface PreviewInput extends ManyKeys {
  /** In the place of `owner` and `all`. */
  readonly keyId?: string;
  readonly immediateInvalidation?: boolean;
}

interface RunInput {
  readonly runId: string;
}

export type EmergencyAdminRequest =
  /** What an emergency would do to each key: 100 of them are named, all are counted. Changes nothing. */
  | { readonly action: 'preview-emergency'; readonly input: PreviewInput; readonly actor?: ActorClaim }
  /** Puts the run on record and starts its machine. */
  | {
      readonly action: 'start-emergency';
      readonly input: EmergencyRequest;
      readonly actor?: ActorClaim;
      /** Chosen by the tool, so that asking again after a lost answer starts nothing twice. Default: a new one. */
      readonly runId?: string;
    }
  /** Goes on with what failed, was skipped or is left; what is refused already is not touched. */
  | { readonly action: 'resume-emergency'; readonly input: RunInput; readonly actor?: ActorClaim }
  | { readonly action: 'emergency-run'; readonly input: RunInput; readonly actor?: ActorClaim }
  /** A page of them at a time, in the order of their ids. */
  | {
      readonly action: 'emergency-run-keys';
      readonly input: RunInput & { readonly nextToken?: string };
      readonly actor?: ActorClaim;
    }
  /** The latest twenty. */
  | {
      readonly action: 'emergency-runs';
      readonly input: Readonly<Record<string, never>>;
      readonly actor?: ActorClaim;
    };

/** `take-over`: of the rotation that runs. `in-emergency`: one runs already, and this one answers with it. */
export type EmergencyVerdict = 'rotate' | 'take-over' | 'in-emergency' | 'disabled' | 'revoked';

export interface PreviewedKey extends Pick<KeySummary, 'keyId' | 'owner' | 'name' | 'environment'> {
  readonly verdict: EmergencyVerdict;
  /** The one that runs. */
  readonly rotation: {
    readonly rotationId: string;
    readonly purpose: RotationPurpose;
    readonly status: RotationStatus;
    readonly gracePeriodEndsAt: Timestamp | null;
  } | null;
}

export interface EmergencyPreviewView {
  readonly keys: readonly PreviewedKey[];
  /** Keys that are not disabled or revoked: those that the emergency replaces. */
  readonly enabled: number;
  readonly total: number;
  /** False: there are more than could be counted in the time there was. */
  readonly counted: boolean;
}

/** `incomplete`: it ended, and keys failed or are left. `stopped`: its execution is over and has not reported. */
export type EmergencyRunStatus = 'running' | 'completed' | 'incomplete' | 'stopped';

export interface EmergencyRunView {
  readonly runId: string;
  readonly target: ManyKeys;
  readonly status: EmergencyRunStatus;
  readonly reason: string;
  readonly immediate: boolean;
  /** ISO 8601; null: each key's policy says, or at once. */
  readonly gracePeriod: string | null;
  readonly initiatedBy: string;
  readonly startedAt: Timestamp;
  /** Who let it go on, and when. */
  readonly resumed: readonly { readonly by: string; readonly at: Timestamp }[];
  readonly endedAt: Timestamp | null;
  readonly executionArn: string;
  /** Of its end; of now while it runs; null in a list of runs that have not ended. */
  readonly totals: {
    readonly keys: number;
    readonly refused: number;
    /** Replaced, and refused at a set time. */
    readonly dualKey: number;
    readonly failed: number;
    /** Disabled or revoked: refused already. */
    readonly skipped: number;
    readonly left: number;
  } | null;
  /** From the run's start to the committed refusal, over `refused` and `dualKey`. */
  readonly refusal: { readonly medianMs: number; readonly slowestMs: number } | null;
  /** What kept the run from going through its target. */
  readonly failure: string | null;
  /** Old versions are refused at the latest this many milliseconds after the refusal is committed. */
  readonly revocationBoundMs: number;
}

export interface EmergencyRunKeyView {
  readonly keyId: string;
  /** `dual-key`: replaced, and refused at `refusedAt`. */
  readonly outcome: 'planned' | 'ordered' | 'refused' | 'dual-key' | 'failed' | 'skipped';
  readonly rotationId: string | null;
  readonly refusedAt: Timestamp | null;
  /** From the run's start. */
  readonly refusedAfterMs: number | null;
  /** From the start of the key's own rotation. */
  readonly refusedAfterOwnStartMs: number | null;
  /** Why it failed or was skipped. */
  readonly why: string | null;
}

export interface EmergencyAdminResults {
  readonly 'preview-emergency': EmergencyPreviewView;
  readonly 'start-emergency': EmergencyRunView;
  readonly 'resume-emergency': EmergencyRunView;
  readonly 'emergency-run': EmergencyRunView;
  readonly 'emergency-run-keys': {
    readonly keys: readonly EmergencyRunKeyView[];
    readonly nextToken: string | null;
  };
  readonly 'emergency-runs': { readonly runs: readonly EmergencyRunView[] };
}
