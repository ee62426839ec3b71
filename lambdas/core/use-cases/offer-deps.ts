/** What an offer needs from outside, how one is asked for, and what comes of it. */
import type { Policy } from '../../../rules/policy.ts';
import type { Delivery } from '../../../rules/words.ts';
import type { Actor } from '../domain/audit-event.ts';
import type { KeyRecord, KeyVersion } from '../domain/key-record.ts';
import type { PlacedDelivery } from '../domain/placed-delivery.ts';
import type { Plaintext } from '../domain/plaintext.ts';
import type { Clock, RandomBytes } from '../ports/ambient.ts';
import type { KeyPlace, LinkSender } from '../ports/key-place.ts';
import type { KeySealer, SealedKey } from '../ports/key-sealer.ts';
import type { KeyStore } from '../ports/key-store.ts';

export interface OfferDeps {
  readonly store: KeyStore;
  readonly sealer: KeySealer;
  readonly places: Readonly<Record<PlacedDelivery, KeyPlace>>;
  readonly links: LinkPaths;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/** How claim links are made and sent. */
export interface LinkPaths {
  /** Absent: no address to send from is configured. */
  readonly sender?: LinkSender;
  /** Where the page stands, without the key's id and the token. */
  readonly pageUrl: string;
}

export interface Offering {
  /** Default: the key's delivery; in a rotation the way it was offered last, since an operator may have chosen another. */
  readonly by?: Delivery;
  /** Although it was offered before. Default: in a rotation, whenever there is occasion. */
  readonly again?: boolean;
  /** Somebody asks who can be given a link where no mail is sent: an operator, never the machine. */
  readonly takesLink?: boolean;
  readonly actor: Actor;
  readonly rotationId?: string;
}

export type OfferOutcome =
  | { readonly outcome: 'offered'; readonly version: KeyVersion; readonly link?: Plaintext }
  /** It could not go out, and that is on record with the reason. */
  | { readonly outcome: 'undelivered'; readonly version: KeyVersion; readonly why: string }
  /** Its owner has it already, or it was offered before and is not to be offered again. */
  | { readonly outcome: 'received' | 'offered-before'; readonly version: KeyVersion }
  /** No seal waits any more: it has expired, or the key has no accepted version. */
  | { readonly outcome: 'unknown-key' | 'revoked' | 'nothing-waits' | 'no-destination' };

/** A version of a key, sealed until it is with its owner. */
export interface Waiting {
  readonly record: KeyRecord;
  readonly version: KeyVersion;
  readonly sealed: SealedKey;
}
