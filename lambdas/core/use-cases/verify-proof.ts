/** Whether who sent a proof holds the private key that it must hold. */
import { compactVerify, errors, importJWK } from 'jose';
import { type RenewalKey, thumbprintOf } from '../../../rules/renewal-key.ts';
import { type ProofPurpose, type ReadProof, readProof } from '../domain/renewal-proof.ts';
import {
  type ChallengeAbout,
  type ChallengeDeps,
  type OpenedChallenge,
  openChallenge,
} from './challenges.ts';

export interface Expected extends ChallengeAbout {
  readonly purpose: ProofPurpose;
  /** The key that must have signed; undefined where none is registered, which whoever asks does not learn. */
  readonly publicKey: RenewalKey | undefined;
}

/** For the log alone: whoever asks is told nothing of it. */
export type ProofFault = 'malformed' | 'no-public-key' | 'other-key' | 'signature' | 'challenge' | 'audience';

export type Proof =
  | { readonly proven: true; readonly proof: ReadProof; readonly challenge: OpenedChallenge }
  | { readonly proven: false; readonly fault: ProofFault };

/** What a signature is checked against where there is nothing to check it against: it is refused whatever comes of it. */
const DECOYS: Readonly<Record<RenewalKey['crv'], RenewalKey>> = {
  'P-256': {
    crv: 'P-256',
    kty: 'EC',
    x: 'axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY',
    y: 'T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
  },
  Ed25519: { crv: 'Ed25519', kty: 'OKP', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
};

/**
 * Does the same for every proof that is well formed: one import of a public key, one check of a signature, one of a
 * challenge, whichever of them fails. So how long a refusal takes does not tell a key that is not there, or has no
 * public key, from a wrong signature.
 */
export async function verifyProof(deps: ChallengeDeps, text: unknown, expected: Expected): Promise<Proof> {
  const proof = readProof(text, expected.purpose);
  if (!proof) return { proven: false, fault: 'malformed' };
  const own = expected.publicKey ?? proof.publicKey;
  const key = own?.crv === proof.crv ? own : DECOYS[proof.crv];
  const signed = await isSignedBy(text as string, proof.alg, key);
  const challenge = await openChallenge(deps, proof.challenge, expected);
  const fault = faultOf(proof, expected, { own, key, signed, challenge });
  return fault || !challenge
    ? { proven: false, fault: fault ?? 'challenge' }
    : { proven: true, proof, challenge };
}

function faultOf(
  proof: ReadProof,
  { keyId, audience }: Expected,
  found: {
    readonly own: RenewalKey | undefined;
    readonly key: RenewalKey;
    readonly signed: boolean;
    readonly challenge: OpenedChallenge | undefined;
  },
): ProofFault | undefined {
  if (!found.own) return 'no-public-key';
  if (found.own !== found.key || proof.kid !== thumbprintOf(found.own)) return 'other-key';
  if (!found.signed) return 'signature';
  if (!found.challenge) return 'challenge';
  return proof.keyId === keyId && proof.audience === audience ? undefined : 'audience';
}

async function isSignedBy(proof: string, alg: string, publicKey: RenewalKey): Promise<boolean> {
  try {
    await compactVerify(proof, await importJWK({ ...publicKey }, alg), { algorithms: [alg] });
    return true;
  } catch (error) {
    // A DOMException is WebCrypto's word on a point that is on no curve.
    if (error instanceof errors.JOSEError || error instanceof DOMException) return false;
    throw error;
  }
}
