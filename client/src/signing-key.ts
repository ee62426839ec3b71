/** The key pair that a client is known by. The private key signs, and nothing else, and need not leave where it is made. */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

export type SignatureAlgorithm = 'ES256' | 'EdDSA';

export interface SigningKey {
  readonly algorithm: SignatureAlgorithm;
  readonly privateKey: CryptoKey;
  /** To be registered: it may be shown to anybody. */
  readonly publicJwk: JWK;
  /** RFC 7638: what its owner tells the operator to compare. */
  readonly thumbprint: string;
}

export interface NewKeyOptions {
  /** `ES256` is known to every platform. Default: `ES256`. */
  readonly algorithm?: SignatureAlgorithm;
  /** Whether the private key can be taken out of the platform's keeping, to be written to a file. Default: `false`. */
  readonly extractable?: boolean;
}

/** A new key pair. In a browser keep it in IndexedDB, which takes a private key that cannot be extracted as it is. */
export async function newSigningKey(options: NewKeyOptions = {}): Promise<SigningKey> {
  const algorithm = options.algorithm ?? 'ES256';
  const { privateKey, publicKey } = await generateKeyPair(algorithm, {
    crv: algorithm === 'ES256' ? 'P-256' : 'Ed25519',
    extractable: options.extractable ?? false,
  });
  return signingKey(algorithm, privateKey, await exportJWK(publicKey));
}

/** A key pair that was kept as a JWK with its private part. */
export async function signingKeyOf(privateJwk: JWK): Promise<SigningKey> {
  const algorithm = algorithmOf(privateJwk);
  if (!algorithm || typeof privateJwk.d !== 'string') {
    // Nothing of it is repeated: it may be a private key of another kind.
    throw new TypeError('That is not a private JWK on P-256 or Ed25519.');
  }
  const privateKey = await importJWK({ ...privateJwk, ext: false }, algorithm);
  const { kty, crv, x, y } = privateJwk;
  return signingKey(
    algorithm,
    privateKey as CryptoKey,
    { kty, crv, x, ...(y === undefined ? {} : { y }) } as JWK,
  );
}

/** The private JWK of a key that was made extractable. */
export const privateJwkOf = ({ privateKey }: SigningKey): Promise<JWK> => exportJWK(privateKey);

const algorithmOf = ({ kty, crv }: JWK): SignatureAlgorithm | undefined => {
  if (kty === 'EC' && crv === 'P-256') return 'ES256';
  return kty === 'OKP' && crv === 'Ed25519' ? 'EdDSA' : undefined;
};

async function signingKey(
  algorithm: SignatureAlgorithm,
  privateKey: CryptoKey,
  publicJwk: JWK,
): Promise<SigningKey> {
  return { algorithm, privateKey, publicJwk, thumbprint: await calculateJwkThumbprint(publicJwk) };
}
