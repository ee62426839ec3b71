/** Signs, with the caller's own credentials, who sends a request. What is signed is not sent: the admin function sends it. */
import aws4 from 'aws4';
import {
  BINDING_HEADER,
  type IdentityProof,
  PROOF_BODY,
  PROOF_CONTENT_TYPE,
} from '../lambdas/core/domain/identity-proof.ts';
import { stsHost } from '../rules/sts-host.ts';

export interface Signer {
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string | undefined;
  };
}

/** @param digest of the request that the proof is bound to */
export function proveIdentity({ region, credentials }: Signer, digest: string): IdentityProof {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const { headers = {} } = aws4.sign(
    {
      service: 'sts',
      region,
      method: 'POST',
      path: '/',
      headers: {
        host: stsHost(region),
        'content-type': PROOF_CONTENT_TYPE,
        'content-length': PROOF_BODY.length,
        [BINDING_HEADER]: digest,
      },
      body: PROOF_BODY,
    },
    { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
  );
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return { headers: Object.fromEntries(named) };
}
