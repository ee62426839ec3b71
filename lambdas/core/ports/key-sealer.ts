/** Envelope encryption of a new key between its generation and its one delivery. */

import type { Environment } from '../../../rules/words.ts';
import type { Plaintext } from '../domain/plaintext.ts';

/** Authenticated with the ciphertext and shown in the key service's own log: ids only. */
export interface SealContext {
  readonly keyId: string;
  readonly version: number;
  readonly environment: Environment;
}

export interface SealedKey extends SealContext {
  /** Base64 of initialization vector, ciphertext and tag. */
  readonly ciphertext: string;
  /** Base64 of the data key as the key service wrapped it. */
  readonly wrappedDataKey: string;
  readonly expiresAtMs: number;
}

export interface KeySealer {
  seal(key: Plaintext, context: SealContext, expiresAtMs: number): Promise<SealedKey>;
  /** Throws `SealBroken` if the ciphertext or the context is not what was sealed. */
  open(sealed: SealedKey): Promise<Plaintext>;
}
