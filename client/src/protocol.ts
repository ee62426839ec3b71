/** How a client talks to the renewal API of Keyturn: a challenge, a proof, an answer. */
import { CompactSign, compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import type { SigningKey } from './signing-key.ts';

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export interface RenewalEndpoint {
  /** The deployment's `DeliveryUrl`. */
  readonly url: string;
  readonly keyId: string;
  readonly signingKey: SigningKey;
  readonly fetch: Fetch;
}

export type RenewalOutcome =
  | { readonly outcome: 'renewed'; readonly key: string; readonly version: number }
  /** No new key is there for this client: none was made, or it is in use already. */
  | { readonly outcome: 'nothing-waits' }
  /** The public key is not registered for this key, or not any more. */
  | { readonly outcome: 'refused' }
  /** No answer that can be understood; `why` names no secret. */
  | { readonly outcome: 'unavailable'; readonly why: string };

export type ProposalOutcome =
  | { readonly outcome: 'proposed' | 'registered'; readonly thumbprint: string }
  /** Why it is not taken, in the API's word: `another_waits`, `not_active`, `delivered_otherwise`, `refused`, … */
  | { readonly outcome: 'not-taken'; readonly why: string }
  | { readonly outcome: 'unavailable'; readonly why: string };

const TIMEOUT_MS = 10_000;
const AGREEMENT = 'ECDH-ES';
const ANSWER_TYPE = 'keyturn-key+jwe';

/** Asks for the new key. The one-time key that the answer is encrypted for is made here and forgotten. */
export async function requestRenewal(endpoint: RenewalEndpoint): Promise<RenewalOutcome> {
  const { publicKey, privateKey } = await generateKeyPair(AGREEMENT, { crv: 'P-256' });
  const answerKey = await exportJWK(publicKey);
  const sent = await prove(endpoint, 'keyturn-renewal+jwt', { answerKey }, addressOf(endpoint), {});
  if (!sent.ok) return sent;
  switch (sent.status) {
    case 200:
      return opened(endpoint, privateKey, sent.body['jwe']);
    case 409:
      return { outcome: 'nothing-waits' };
    case 401:
      return { outcome: 'refused' };
    default:
      return unavailable(`The renewal was answered with ${sent.status}.`);
  }
}

/** Proposes this client's public key. It is nothing until an operator approves its thumbprint. */
export async function proposeSigningKey(endpoint: RenewalEndpoint, apiKey: string): Promise<ProposalOutcome> {
  const { publicJwk, thumbprint } = endpoint.signingKey;
  const address = `${addressOf(endpoint)}/proposal`;
  const headers = { authorization: `Bearer ${apiKey}` };
  const sent = await prove(endpoint, 'keyturn-proposal+jwt', { publicKey: publicJwk }, address, headers);
  if (!sent.ok) return sent;
  if (sent.status === 202) return { outcome: 'proposed', thumbprint };
  if (sent.status === 200) return { outcome: 'registered', thumbprint };
  const why = sent.body['error'];
  if (sent.status < 500 && sent.status !== 429) {
    return { outcome: 'not-taken', why: typeof why === 'string' ? why : String(sent.status) };
  }
  return unavailable(`The proposal was answered with ${sent.status}.`);
}

type Sent =
  | { readonly ok: true; readonly status: number; readonly body: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly outcome: 'unavailable'; readonly why: string };

const unavailable = (why: string) => ({ outcome: 'unavailable', why }) as const;

/** The address is the audience of every proof: what is signed for one deployment is worth nothing at another. */
const addressOf = ({ url, keyId }: RenewalEndpoint): string => `${url.replace(/\/+$/, '')}/renewals/${keyId}`;

async function prove(
  endpoint: RenewalEndpoint,
  typ: string,
  claims: Readonly<Record<string, unknown>>,
  address: string,
  headers: Readonly<Record<string, string>>,
): Promise<Sent> {
  const { signingKey, keyId } = endpoint;
  const asked = await post(endpoint, `${addressOf(endpoint)}/challenge`, undefined, {});
  if (!asked.ok) return asked;
  const { challenge } = asked.body;
  if (asked.status !== 200 || typeof challenge !== 'string') {
    return { ok: false, ...unavailable(`No challenge was given: ${asked.status}.`) };
  }
  const payload = { sub: keyId, aud: addressOf(endpoint), challenge, ...claims };
  const proof = await new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: signingKey.algorithm, typ, kid: signingKey.thumbprint })
    .sign(signingKey.privateKey);
  return post(endpoint, address, JSON.stringify({ proof }), headers);
}

/** Nothing is followed elsewhere, kept, or sent with cookies. */
async function post(
  { fetch }: RenewalEndpoint,
  address: string,
  body: string | undefined,
  headers: Readonly<Record<string, string>>,
): Promise<Sent> {
  try {
    const response = await fetch(address, {
      method: 'POST',
      ...(body === undefined ? {} : { body }),
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    const isObject = typeof answer === 'object' && answer !== null;
    return { ok: true, status: response.status, body: isObject ? (answer as Record<string, unknown>) : {} };
  } catch (error) {
    // By its name: a message may quote what was sent.
    const why = `The renewal API does not answer (${error instanceof Error ? error.name : 'unknown'}).`;
    return { ok: false, ...unavailable(why) };
  }
}

/** What is inside must be a key of this id: an answer that was swapped on its way is no answer. */
async function opened(
  endpoint: RenewalEndpoint,
  privateKey: CryptoKey,
  jwe: unknown,
): Promise<RenewalOutcome> {
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(String(jwe), privateKey, {
      keyManagementAlgorithms: [AGREEMENT],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    const { keyId, version, key } = JSON.parse(new TextDecoder().decode(plaintext)) as Record<
      string,
      unknown
    >;
    const isOurs = protectedHeader.typ === ANSWER_TYPE && keyId === endpoint.keyId;
    if (isOurs && Number.isInteger(version) && isKeyOf(endpoint.keyId, key)) {
      return { outcome: 'renewed', key, version: version as number };
    }
  } catch {
    // Said below, without what was in it.
  }
  return unavailable('The answer cannot be opened.');
}

function isKeyOf(keyId: string, key: unknown): key is string {
  const [prefix, environment, id, secret, ...more] = typeof key === 'string' ? key.split('_') : [];
  const whole = /^[a-z0-9]{2,8}$/.test(prefix ?? '') && /^[0-9A-Za-z]{49}$/.test(secret ?? '');
  return whole && (environment === 'live' || environment === 'test') && id === keyId && more.length === 0;
}
