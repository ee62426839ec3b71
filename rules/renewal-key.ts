/** Public keys of clients, as JWKs (RFC 7517): to know a client by its signature, and to encrypt an answer for it. */
import { createHash, createPublicKey } from 'node:crypto';
import { type Checked, refused } from './checked.ts';
import { isWeakPoint } from './weak-points.ts';

/** The members that a thumbprint is made of, and no others: RFC 7638 section 3.2, RFC 8037 section 2. */
interface EllipticKey {
  readonly crv: 'P-256';
  readonly kty: 'EC';
  readonly x: string;
  readonly y: string;
}

interface OctetKey<Curve> {
  readonly crv: Curve;
  readonly kty: 'OKP';
  readonly x: string;
}

/** What a client signs with. It is never used for anything else. */
export type RenewalKey = EllipticKey | OctetKey<'Ed25519'>;

/** What an answer is encrypted for: made for one answer. */
export type AnswerKey = EllipticKey | OctetKey<'X25519'>;

type PublicKey = RenewalKey | AnswerKey;

/** By curve, the signature algorithms of RFC 7518 section 3.4 and of RFC 8037 and 9864. */
export const SIGNATURES: Readonly<Record<RenewalKey['crv'], readonly string[]>> = {
  'P-256': ['ES256'],
  Ed25519: ['EdDSA', 'Ed25519'],
};

/** RFC 7518 sections 6.2.2, 6.3.2 and 6.4, RFC 8037 section 2. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];
const COORDINATE_BYTES = 32;
const MEND = 'Give a JWK with kty EC and crv P-256, or with kty OKP and crv Ed25519.';

/**
 * Checks a public key that is to sign. Nothing of it is repeated in what is said: it may be a private one.
 *
 * @returns the key without what it says beside itself
 */
export function parseRenewalKey(value: unknown): Checked<RenewalKey> {
  if (!isObject(value)) return refused('The public key is not a JSON object.', MEND);
  if ('keys' in value) return refused('That is a set of keys, not one.', MEND);
  const secret = PRIVATE_MEMBERS.filter((name) => name in value);
  if (secret.length > 0) {
    return refused(
      `That key holds its private part ('${secret.join("', '")}').`,
      "A private key stays where it was made: give the public one, which has no 'd'. If this file was shown to anybody, make a new pair.",
    );
  }
  if (value['use'] !== undefined && value['use'] !== 'sig') {
    return refused(
      "The public key's 'use' is not 'sig'.",
      'Register a key that signs, and does nothing else.',
    );
  }
  const key = publicKeyIn(value);
  if (!key) return refused('That is not a public key on the curve P-256 or Ed25519.', MEND);
  if (key.crv === 'X25519') return refused('A key on the curve X25519 cannot sign.', MEND);
  if (value['alg'] !== undefined && !SIGNATURES[key.crv].includes(String(value['alg']))) {
    return refused(
      `The public key's 'alg' is none of its curve's.`,
      `With ${key.crv} it is ${SIGNATURES[key.crv].join(' or ')}; it may be left out.`,
    );
  }
  return { ok: true, value: key };
}

/** @returns undefined for anything that is no public key for encryption */
export function parseAnswerKey(value: unknown): AnswerKey | undefined {
  if (!isObject(value) || PRIVATE_MEMBERS.some((name) => name in value)) return undefined;
  const key = publicKeyIn(value);
  return key && key.crv !== 'Ed25519' ? key : undefined;
}

/** RFC 7638: what people compare, base64url of SHA-256. */
export const thumbprintOf = (key: PublicKey): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        key.kty === 'EC'
          ? { crv: key.crv, kty: key.kty, x: key.x, y: key.y }
          : { crv: key.crv, kty: key.kty, x: key.x },
      ),
    )
    .digest('base64url');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function publicKeyIn({ kty, crv, x, y }: Readonly<Record<string, unknown>>): PublicKey | undefined {
  if (!isCoordinate(x)) return undefined;
  if (kty === 'OKP' && y === undefined) {
    if ((crv !== 'Ed25519' && crv !== 'X25519') || isWeakPoint(crv, x)) return undefined;
    return crv === 'Ed25519' ? { crv, kty, x } : { crv, kty, x };
  }
  if (kty !== 'EC' || crv !== 'P-256' || !isCoordinate(y)) return undefined;
  const key = { crv, kty, x, y } as const;
  return isOnCurve(key) ? key : undefined;
}

/** Written the one way that 32 bytes can be: another writing of the same key would have another thumbprint. */
function isCoordinate(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === COORDINATE_BYTES && bytes.toString('base64url') === text;
}

function isOnCurve(key: EllipticKey): boolean {
  try {
    createPublicKey({ key: { ...key }, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}
