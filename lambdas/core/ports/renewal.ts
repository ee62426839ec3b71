/** What renewals need from outside. */
import type { AnswerKey } from '../../../rules/renewal-key.ts';
import type { Plaintext } from '../domain/plaintext.ts';

/** Challenges that were answered. */
export interface SpentNonces {
  /** Of many at once exactly one is told `spent`. Kept at least until `expiresAtMs`. */
  spend(keyId: string, nonce: string, expiresAtMs: number): Promise<'spent' | 'used'>;
}

/** A new key as its client gets it. */
export interface RenewedKey {
  readonly keyId: string;
  readonly version: number;
  readonly key: Plaintext;
}

export interface AnswerEncrypter {
  /** @returns a compact JWE (RFC 7516) that the holder of the private key alone can open */
  encrypt(renewed: RenewedKey, answerKey: AnswerKey): Promise<string>;
}
