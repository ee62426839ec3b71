/** What operators ask about the pepper, and what they are told: never what a pepper is. Types only, as in `contract.ts`. */
import type { ActorClaim, Timestamp } from './contract.ts';

interface PepperRunInput {
  /** Why, for the audit. */
  readonly reason?: string;
}

interface PepperRunRequest<Action> {
  readonly action: Action;
  readonly input: PepperRunInput;
  readonly actor?: ActorClaim;
  /** Chosen by the tool, so that asking again after a lost answer starts nothing twice. Default: a new one. */
  readonly executionId?: string;
}

export type PepperAdminRequest =
  /** Which peppers there are. */
  | {
      readonly action: 'pepper';
      readonly input: Readonly<Record<string, never>>;
      readonly actor?: ActorClaim;
    }
  /** Starts a rotation of the pepper; refuses no key. */
  | PepperRunRequest<'rotate-pepper'>
  /** Starts a clean-up: peppers that nothing needs any more are dropped. It runs each day by itself. */
  | PepperRunRequest<'clean-pepper'>
  /** How such a run goes. */
  | {
      readonly action: 'pepper-run';
      readonly input: { readonly executionId: string };
      readonly actor?: ActorClaim;
    };

export interface PepperVersionView {
  /** As versions of keys carry it. Public. */
  readonly name: string;
  /** New versions are hashed under it. */
  readonly current: boolean;
  /** False: versions of keys need it and it is not in the secret. Requests with them are answered with an error. */
  readonly present: boolean;
  /** True: it is not what was added under this name, so keys that were hashed under it are refused as unknown. */
  readonly altered: boolean;
  /** Null for one that came with the deployment, or by hand. */
  readonly madeAt: Timestamp | null;
  /** When it became the current one; null if it never did, or if that is not on record. */
  readonly currentSince: Timestamp | null;
  /**
   * Versions of keys that were hashed under it and are or may be accepted, as last counted; null if it was not counted
   * since it was made.
   */
  readonly neededBy: number | null;
}

export interface PepperView {
  /** The newest first; those that are missing last. */
  readonly peppers: readonly PepperVersionView[];
  /**
   * When needs were last counted over all keys: at the end of each rotation of the pepper, and each day while there is
   * more than one. Null before the first time.
   */
  readonly countedAt: Timestamp | null;
}

export interface PepperRunView {
  readonly executionId: string;
  readonly executionArn: string;
  /** `not-found`: too new to be seen yet, or none of this id. */
  readonly status: 'running' | 'succeeded' | 'failed' | 'not-found';
  /** Why it failed, when it did. */
  readonly failure: string | null;
}

/** What each action answers. */
export interface PepperAdminResults {
  readonly pepper: PepperView;
  readonly 'rotate-pepper': PepperRunView;
  readonly 'clean-pepper': PepperRunView;
  readonly 'pepper-run': PepperRunView;
}
