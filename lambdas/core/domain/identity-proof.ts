/**
 * A proof of who sends a request: a request to the Security Token Service that the sender has signed with its own
 * credentials and not sent. Whoever sends it is told whose credentials those are, and learns nothing that would sign
 * another one (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html). One of its signed
 * headers binds it to the request that it came with.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** The headers of the signed request, by their names in lower case. Never to be logged. */
export interface IdentityProof {
  readonly headers: Readonly<Record<string, string>>;
}

/** What is signed: always this. */
export const PROOF_BODY = 'Action=GetCallerIdentity&Version=2011-06-15';
export const PROOF_CONTENT_TYPE = 'application/x-www-form-urlencoded; charset=utf-8';
/** The header that binds it. */
export const BINDING_HEADER = 'x-keyturn-request';

/**
 * What a proof is bound to: the whole request but the proof in it, and the function that it is for.
 *
 * @returns SHA-256 over the canonical form (RFC 8785), hex
 */
export function requestDigest(functionName: string, request: object): string {
  // As it arrives: what JSON leaves out is no part of it.
  const { actor, ...rest } = JSON.parse(JSON.stringify(request)) as {
    readonly actor?: { readonly proof?: unknown };
  };
  const { proof: _proof, ...stated } = actor ?? {};
  return createHash('sha256')
    .update(canonicalize({ functionName, request: { ...rest, actor: stated } }) as string)
    .digest('hex');
}
