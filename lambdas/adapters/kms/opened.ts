/** What becomes of a ciphertext: opened, or not what was encrypted. Trouble of the key service is thrown as it is. */
import { IncorrectKeyException, InvalidCiphertextException } from '@aws-sdk/client-kms';

export type Opened = { readonly outcome: 'opened'; readonly plaintext: Uint8Array } | Broken;

/** Altered, moved, or in another context. Says no more: which of them it was, the key service does not tell either. */
export interface Broken {
  readonly outcome: 'broken';
}

export const BROKEN: Broken = { outcome: 'broken' };

/** KMS takes at most this much ciphertext; what is longer, or empty, was never encrypted by it. */
const LONGEST_BLOB = 6_144;

export const mayBeCiphertext = (blob: Uint8Array): boolean => blob.length > 0 && blob.length <= LONGEST_BLOB;

/**
 * KMS says `InvalidCiphertext` for a wrong context as well as for altered bytes, and `IncorrectKey` for what another of
 * its keys encrypted. All else (throttled, denied, disabled) says nothing about the ciphertext.
 */
export const isBroken = (error: unknown): boolean =>
  error instanceof InvalidCiphertextException || error instanceof IncorrectKeyException;
