/** What operators ask about whoever gets mails, and what they are told. Types only, as in `contract.ts`. */
import type { LeavableKind } from '../../../rules/mail-kinds.ts';
import type { ActorClaim } from './contract.ts';

export interface OwnerInput {
  readonly address: string;
}

/** What is absent stays. */
export interface SetOwnerInput extends OwnerInput {
  readonly locale?: string;
  readonly timeZone?: string;
  readonly unsubscribe?: readonly string[];
  readonly subscribe?: readonly string[];
}

export interface RecipientsInput {
  readonly keyId: string;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

export type OwnerAdminRequest =
  | { readonly action: 'owner'; readonly input: OwnerInput; readonly actor?: ActorClaim }
  | { readonly action: 'set-owner'; readonly input: SetOwnerInput; readonly actor?: ActorClaim }
  /** Who is told of a key beside its owner, ten at most. */
  | { readonly action: 'set-recipients'; readonly input: RecipientsInput; readonly actor?: ActorClaim };

/** How an address wants mails. */
export interface OwnerView {
  readonly address: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly unsubscribed: readonly LeavableKind[];
}

export interface RecipientsView {
  readonly keyId: string;
  readonly owner: string;
  readonly recipients: readonly string[];
}

export interface OwnerAdminResults {
  readonly owner: OwnerView;
  readonly 'set-owner': OwnerView;
  readonly 'set-recipients': RecipientsView;
}
