/** What a client signs to show that it holds a private key: the form of it, read without believing any of it. */
import {
  type AnswerKey,
  parseAnswerKey,
  parseRenewalKey,
  type RenewalKey,
  SIGNATURES,
} from '../../../rules/renewal-key.ts';

/** To get a new key, or to have a public key considered. What was signed for one is worth nothing for the other. */
export type ProofPurpose = 'renewal' | 'proposal';

/** `typ` of each JWS (RFC 8725 section 3.11). */
export const PROOF_TYPES: Readonly<Record<ProofPurpose, string>> = {
  renewal: 'keyturn-renewal+jwt',
  proposal: 'keyturn-proposal+jwt',
};

/** Longer ones are refused unread; a proof has some 1,200 characters. */
export const LONGEST_PROOF = 4096;

export interface ReadProof {
  readonly alg: string;
  readonly crv: RenewalKey['crv'];
  /** Thumbprint of the key that it says it was signed with. */
  readonly kid: string;
  readonly keyId: string;
  readonly audience: string;
  readonly challenge: string;
  /** In a renewal: the one-time key that the answer is to be encrypted for. */
  readonly answerKey?: AnswerKey;
  /** In a proposal: the key that is proposed, which signs this. */
  readonly publicKey?: RenewalKey;
}

/** Nothing else may stand there: neither keys (`jwk`, `jku`, `x5c`) nor extensions (`crit`). */
const HEADER_MEMBERS = 'alg,kid,typ';

/** @returns undefined for whatever is no proof of this purpose; the signature is not looked at */
export function readProof(text: unknown, purpose: ProofPurpose): ReadProof | undefined {
  if (typeof text !== 'string' || text.length > LONGEST_PROOF) return undefined;
  const [protectedHeader, payload, signature, ...more] = text.split('.');
  if (!protectedHeader || !payload || !signature || more.length > 0) return undefined;
  const header = objectIn(protectedHeader);
  const claims = objectIn(payload);
  if (!header || !claims || Object.keys(header).sort().join() !== HEADER_MEMBERS) return undefined;
  const { alg, kid, typ } = header;
  const crv = typ === PROOF_TYPES[purpose] ? curveOf(alg) : undefined;
  const { sub, aud, challenge } = claims;
  if (!crv || !areTexts(kid, sub, aud, challenge)) return undefined;
  const asked = purpose === 'renewal' ? answerKeyIn(claims) : publicKeyIn(claims);
  return (
    asked && {
      alg: alg as string,
      crv,
      kid: kid as string,
      keyId: sub as string,
      audience: aud as string,
      challenge: challenge as string,
      ...asked,
    }
  );
}

/** The allow-list: neither `none` nor an algorithm with a shared secret is on any curve. */
const curveOf = (alg: unknown): RenewalKey['crv'] | undefined =>
  (Object.keys(SIGNATURES) as RenewalKey['crv'][]).find((crv) => SIGNATURES[crv].includes(alg as string));

function answerKeyIn({ answerKey }: Readonly<Record<string, unknown>>) {
  const key = parseAnswerKey(answerKey);
  return key && { answerKey: key };
}

function publicKeyIn({ publicKey }: Readonly<Record<string, unknown>>) {
  const key = parseRenewalKey(publicKey);
  return key.ok ? { publicKey: key.value } : undefined;
}

const areTexts = (...values: readonly unknown[]): boolean =>
  values.every((value) => typeof value === 'string' && value !== '');

function objectIn(base64url: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
