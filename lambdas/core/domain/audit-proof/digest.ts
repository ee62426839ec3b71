/** The daily digest over the heads of all chains: what it says, what of it is signed, and whether it was. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type Checked, refused } from '../../../../rules/checked.ts';
import { type HeadsFacts, isHash } from './chain-head.ts';

export const DIGEST_VERSION = 1;

export interface Digest extends HeadsFacts {
  readonly version: typeof DIGEST_VERSION;
  /** Of the deployment: name of the table that the chains are in. */
  readonly table: string;
  /** `2026-11-23`, UTC: when it was taken, and its name. */
  readonly date: string;
  readonly takenAt: string;
  /** The one before it; null of the first. `sha256` is of its canonical form, without its signature. */
  readonly previousDigest: { readonly date: string; readonly sha256: string } | null;
}

/** A digest as it is stored: the signature is over its canonical form (RFC 8785). */
export interface SignedDigest {
  readonly digest: Digest;
  readonly signature: {
    readonly algorithm: 'ECDSA_SHA_256';
    /** SHA-256 of the public key (SubjectPublicKeyInfo, DER), hex. */
    readonly publicKeySha256: string;
    /** DER, base64. */
    readonly value: string;
  };
}

/** A public key that signatures are checked with. */
export interface ProofKey {
  readonly key: KeyObject;
  /** SHA-256 of the key's SubjectPublicKeyInfo in DER, hex. */
  readonly fingerprint: string;
}

/** What of a digest is signed: its canonical form (RFC 8785). */
export const digestText = (digest: Digest): string => canonicalize(digest) as string;

/** Hex; what the next digest says of this one. */
export const digestSha256 = (digest: Digest): string =>
  createHash('sha256').update(digestText(digest)).digest('hex');

export function isSignedWith({ key }: ProofKey, { digest, signature }: SignedDigest): boolean {
  try {
    return verify('sha256', Buffer.from(digestText(digest)), key, Buffer.from(signature.value, 'base64'));
  } catch {
    // What has no canonical form was never signed: a number that is too large, half a character, a tower of lists.
    return false;
  }
}

/** @param pem `-----BEGIN PUBLIC KEY-----…`, of a key on P-256 */
export function parseProofKey(pem: string): Checked<ProofKey> {
  const key = publicKeyIn(pem);
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    return refused(
      'The public key is not one on P-256 in PEM.',
      'Write it with `keyturn audit key`, or with `openssl ec -pubin -inform DER` from what `aws kms get-public-key` answers.',
    );
  }
  const der = key.export({ type: 'spki', format: 'der' });
  return { ok: true, value: { key, fingerprint: createHash('sha256').update(der).digest('hex') } };
}

function publicKeyIn(pem: string): KeyObject | undefined {
  // A private key would be taken too, and its public half used: whoever hands one over has made a mistake.
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) return undefined;
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const isDate = (value: unknown): boolean => typeof value === 'string' && DATE.test(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

/** Whether something that was read has the form of a digest; what it says is looked at when it is compared. */
export function isSignedDigest(value: unknown): value is SignedDigest {
  const { digest, signature } = (value ?? {}) as {
    readonly digest?: Partial<Record<keyof Digest, unknown>>;
    readonly signature?: Partial<Record<keyof SignedDigest['signature'], unknown>>;
  };
  if (typeof digest !== 'object' || digest === null || typeof signature !== 'object' || signature === null)
    return false;
  const { previousDigest } = digest as Partial<Digest>;
  return (
    digest.version === DIGEST_VERSION &&
    typeof digest.table === 'string' &&
    isDate(digest.date) &&
    typeof digest.takenAt === 'string' &&
    digest.takenAt.startsWith(String(digest.date)) &&
    !Number.isNaN(Date.parse(digest.takenAt)) &&
    isCount(digest.chains) &&
    isCount(digest.events) &&
    isHash(digest.headsSha256) &&
    (previousDigest === null || (isDate(previousDigest?.date) && isHash(previousDigest?.sha256))) &&
    signature.algorithm === 'ECDSA_SHA_256' &&
    typeof signature.publicKeySha256 === 'string' &&
    typeof signature.value === 'string'
  );
}

/** Whether what is stored under a day is the digest that this deployment has signed for it. */
export const isOwnDigest = (
  found: unknown,
  day: string,
  { key, table }: { readonly key: ProofKey; readonly table: string },
): found is SignedDigest =>
  isSignedDigest(found) &&
  isSignedWith(key, found) &&
  found.digest.date === day &&
  found.digest.table === table;
