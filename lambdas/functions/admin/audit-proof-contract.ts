/** What a tool asks to check the audit by itself: everything as it is stored. Types only, as in `contract.ts`. */
import type { ChainHead } from '../../core/domain/audit-proof/chain-head.ts';
import type { ActorClaim, Timestamp } from './contract.ts';

export interface AuditDigestsInput {
  /** Those behind this day; absent: from the first on. */
  readonly after?: string;
}

export interface AuditDigestsPage {
  /** Name of the table, as digests name their deployment. */
  readonly table: string;
  /** PEM. */
  readonly publicKey: string;
  readonly now: Timestamp;
  readonly digests: readonly {
    readonly day: string;
    /** As it was stored first; of no form that is sure. */
    readonly found: unknown;
    readonly overwritten: boolean;
  }[];
  readonly more: boolean;
}

export interface AuditHeadsInput {
  readonly day: string;
  /** Of all chains, or of those whose ends differ from the digest before. */
  readonly which: 'all' | 'moved';
  /** Those behind this chain; absent: from the first on. */
  readonly after?: string;
}

export interface AuditHeadsPage {
  /** Sorted by chain; none where the list is not there. */
  readonly heads: readonly ChainHead[];
  readonly more: boolean;
}

export interface ChainEventsInput {
  /** 200 at most. */
  readonly wants: readonly {
    readonly chain: string;
    /** Sequence of the last event that is not wanted. */
    readonly after: number;
    /** Of the last one that is; absent: to the end. */
    readonly upTo?: number;
  }[];
}

export interface ChainEventsPage {
  /** As they lie in the table, in the order of what was asked for. */
  readonly events: readonly { readonly chain: string; readonly event: unknown }[];
  /** How many of the wants are answered whole; of the next one some events may be there. */
  readonly answered: number;
}

export interface ChainsSinceInput {
  readonly from: Timestamp;
}

export interface ChainsSincePage {
  /** Chains with events from then on to the end of a day, each once. */
  readonly chains: readonly string[];
  /** Where to go on; null: that was the last day. */
  readonly next: Timestamp | null;
}

type Asked<Action, Input> = {
  readonly action: Action;
  readonly input: Input;
  readonly actor?: ActorClaim;
};

export type AuditProofRequest =
  | Asked<'audit-digests', AuditDigestsInput>
  | Asked<'audit-heads', AuditHeadsInput>
  | Asked<'audit-chain-events', ChainEventsInput>
  | Asked<'audit-chains-since', ChainsSinceInput>
  /** Where chains end by their keys' own records; of other chains by their last event. 200 at most. */
  | Asked<'audit-ends', { readonly chains: readonly string[] }>;

/** What each action answers. */
export interface AuditProofResults {
  readonly 'audit-digests': AuditDigestsPage;
  readonly 'audit-heads': AuditHeadsPage;
  readonly 'audit-chain-events': ChainEventsPage;
  readonly 'audit-chains-since': ChainsSincePage;
  /** Chains that are not there are left out. */
  readonly 'audit-ends': { readonly heads: readonly ChainHead[] };
}
