/** What operators ask about the public key that a client renews with, and what they are told. Types only, as in `contract.ts`. */
import type { Delivery, KeyStatus } from '../../../rules/words.ts';
import type { ActorClaim, StatusRequest, Timestamp } from './contract.ts';

export type RenewalAdminRequest =
  /** The public key that the client renews with, and one that is proposed. */
  | { readonly action: 'renewal'; readonly input: { readonly keyId: string }; readonly actor?: ActorClaim }
  /** Only the thumbprint of what is proposed is taken: whoever approves must have it from the key's owner. */
  | {
      readonly action: 'approve-renewal';
      readonly input: { readonly keyId: string; readonly thumbprint: string };
      readonly actor?: ActorClaim;
    }
  | StatusRequest<'reject-renewal'>
  | StatusRequest<'remove-renewal'>;

export interface PublicKeyView {
  /** RFC 7638, base64url of SHA-256. */
  readonly thumbprint: string;
  readonly curve: 'P-256' | 'Ed25519';
}

export interface RenewalView {
  readonly keyId: string;
  readonly status: KeyStatus;
  readonly delivery: Delivery;
  readonly registered: PublicKeyView | null;
  /** What a client that holds the active version has proposed, and from where. */
  readonly proposal:
    | (PublicKeyView & {
        readonly version: number;
        readonly proposedAt: Timestamp;
        readonly expiresAt: Timestamp;
        readonly address: string;
        /** As the client states it. */
        readonly userAgent: string;
      })
    | null;
  /** When a renewal without the private key was last put on record, once in an hour at most. */
  readonly refusedAt: Timestamp | null;
}

export interface RenewalAdminResults {
  readonly renewal: RenewalView;
  readonly 'approve-renewal': RenewalView;
  readonly 'reject-renewal': RenewalView;
  readonly 'remove-renewal': RenewalView;
}
