/** Places outside where a client reads its key: a secret, a vault. */
import type { Environment } from '../../../rules/words.ts';
import type { Destination } from '../domain/key-record.ts';
import type { Plaintext } from '../domain/plaintext.ts';

/** One version of a key as its client is to find it. */
export interface PlacedVersion {
  readonly keyId: string;
  readonly version: number;
  readonly key: Plaintext;
  /** Until when the version before it is announced to be accepted; absent when it is refused already, or is none. */
  readonly previousExpiresAtMs?: number;
  /** The version that is accepted beside it until then. */
  readonly previousVersion?: number;
  /** The rotation that made it. */
  readonly rotationId?: string;
  /** How often the key's policy wants another; absent where the policy is not deployed any more. */
  readonly rotateEverySeconds?: number;
}

export interface KeyPlace {
  /** @returns why nothing could be written there now, in a sentence without secrets; undefined when it could */
  trouble(destination: Destination): Promise<string | undefined>;
  /** Makes this version the one that clients find. Repeated for the same version it changes nothing. */
  put(destination: Destination, version: PlacedVersion): Promise<void>;
  /** Clients find this earlier version again: its rotation was taken back. Repeating it changes nothing. */
  restore(destination: Destination, keyId: string, version: number): Promise<void>;
  /** Clients find nothing any more: the key was revoked. Repeating it changes nothing. */
  remove(destination: Destination, keyId: string): Promise<void>;
  /** How clients name it, where that does not follow from the destination alone. */
  addressOf?(destination: Destination): Promise<string | undefined>;
}

/** Brings a claim link to the key's owner. */
export interface LinkSender {
  /**
   * Throws what may pass.
   *
   * @returns once it is on its way nothing; otherwise why none can be sent until somebody changes something: a sentence
   *   with its mend, without what the mail holds
   */
  send(link: ClaimLink): Promise<string | undefined>;
}

export interface ClaimLink {
  readonly to: string;
  readonly keyId: string;
  /** As an operator wrote it. */
  readonly keyName: string;
  readonly environment: Environment;
  readonly version: number;
  readonly url: Plaintext;
  /** Of the url's token: names this link where the link itself may not stand. */
  readonly tokenHash: string;
  readonly expiresAtMs: number;
  /** Of the version before: absent when there is none. */
  readonly previous?: PreviousVersion;
  /** A link for this version was made before, and does not work any more. */
  readonly again: boolean;
}

/**
 * What becomes of the key that the owner has: `ends` is announced, and waits for an owner who never got the new one;
 * `refused-at` does not wait; `refused` it is already.
 */
export type PreviousVersion =
  | { readonly state: 'ends' | 'refused-at'; readonly atMs: number }
  | { readonly state: 'refused' };
