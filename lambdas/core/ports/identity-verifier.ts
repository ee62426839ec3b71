/** Finds out who a request is from. */
import type { IdentityProof } from '../domain/identity-proof.ts';

export type Identity =
  | { readonly outcome: 'proven'; readonly arn: string }
  /** It is not what it has to be, or AWS refuses it: a sentence without anything of the proof. */
  | { readonly outcome: 'refused'; readonly why: string }
  /** Nobody could be asked: nothing is known of it. */
  | { readonly outcome: 'unknown'; readonly why: string };

export interface IdentityVerifier {
  /** @param digest what the proof must be bound to */
  verify(proof: IdentityProof, digest: string): Promise<Identity>;
}
