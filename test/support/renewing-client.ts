/** A client with a private key, as far as a test needs one: signs what it is told to, and opens what it gets. */
import { CompactSign, compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import { parseRenewalKey, type RenewalKey, thumbprintOf } from '../../rules/renewal-key.ts';

export type Curve = 'P-256' | 'Ed25519';

export interface ProofParts {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

export interface RenewingClient {
  readonly publicKey: RenewalKey;
  readonly thumbprint: string;
  /** The public half of the one-time key that answers are opened with. */
  readonly answerKey: Readonly<Record<string, unknown>>;
  /** Signs a challenge for what it says it is for, with header and claims as a test changes them. */
  prove(about: { challenge: string; audience: string; keyId: string }, parts?: ProofParts): Promise<string>;
  open(jwe: string): Promise<{ keyId: string; version: number; key: string }>;
  sign(header: Readonly<Record<string, unknown>>, claims: unknown): Promise<string>;
}

const ALGORITHM = { 'P-256': 'ES256', Ed25519: 'EdDSA' } as const;

export async function renewingClient(
  curve: Curve = 'P-256',
  answerCurve: 'P-256' | 'X25519' = 'P-256',
): Promise<RenewingClient> {
  const alg = ALGORITHM[curve];
  const signing = await generateKeyPair(alg, { crv: curve, extractable: true });
  const answering = await generateKeyPair('ECDH-ES', { crv: answerCurve, extractable: true });
  const parsed = parseRenewalKey(await exportJWK(signing.publicKey));
  if (!parsed.ok) throw new Error(parsed.message);
  const publicKey = parsed.value;
  const thumbprint = thumbprintOf(publicKey);
  const answerKey = { ...(await exportJWK(answering.publicKey)) };
  const sign = (header: Readonly<Record<string, unknown>>, claims: unknown) =>
    new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
      .setProtectedHeader(header as { alg: string })
      .sign(signing.privateKey, { crit: { x: true } });
  return {
    publicKey,
    thumbprint,
    answerKey,
    sign,
    prove: ({ challenge, audience, keyId }, { header = {}, claims = {} } = {}) =>
      sign(
        { alg, typ: 'keyturn-renewal+jwt', kid: thumbprint, ...header },
        { sub: keyId, aud: audience, challenge, answerKey, ...claims },
      ),
    async open(jwe) {
      const { plaintext } = await compactDecrypt(jwe, answering.privateKey);
      return JSON.parse(new TextDecoder().decode(plaintext));
    },
  };
}
