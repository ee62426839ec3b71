/** Whether a proof is what may be sent to the Security Token Service in somebody's name. No AWS package. */
import { stsHost } from '../../../rules/sts-host.ts';
import { MINUTE_MS } from '../../../rules/time-units.ts';
import {
  BINDING_HEADER,
  type IdentityProof,
  PROOF_BODY,
  PROOF_CONTENT_TYPE,
} from '../../core/domain/identity-proof.ts';

export interface ProofTerms {
  readonly region: string;
  /** What it must be bound to. */
  readonly digest: string;
  readonly nowMs: number;
}

/** Clocks may differ, and an answer may be asked for twice. */
const LONGEST_AGE_MS = 5 * MINUTE_MS;
/** Session tokens have no stated size; those there are stay far below. */
const LONGEST_VALUE = 8192;

const REQUIRED = ['authorization', 'content-length', 'content-type', 'host', 'x-amz-date', BINDING_HEADER];
const ALLOWED = [...REQUIRED, 'x-amz-security-token'];

/** As SigV4 writes it (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). */
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=\w{4,128}\/(\d{8})\/([a-z0-9-]{1,40})\/sts\/aws4_request, ?SignedHeaders=([a-z0-9;-]{1,300}), ?Signature=[0-9a-f]{64}$/;
const DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** @returns what is wrong with it, without repeating any of it; undefined: nothing is */
export function faultOfProof(proof: IdentityProof, terms: ProofTerms): string | undefined {
  const headers = headersOf(proof);
  if (!headers) return 'it is no set of headers';
  const names = Object.keys(headers);
  if (names.some((name) => !ALLOWED.includes(name))) return 'it has a header that none needs';
  if (REQUIRED.some((name) => !names.includes(name))) return 'it lacks a header';
  if (headers['host'] !== stsHost(terms.region)) return `it is not for the STS of ${terms.region}`;
  if (
    headers['content-type'] !== PROOF_CONTENT_TYPE ||
    headers['content-length'] !== String(PROOF_BODY.length)
  )
    return 'it asks for something else';
  if (headers[BINDING_HEADER] !== terms.digest)
    return 'it was made for another request, or another deployment';
  return faultOfSignature(headers, names, terms);
}

function faultOfSignature(
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
  { region, nowMs }: ProofTerms,
): string | undefined {
  const [, day, signedFor, signed = ''] = AUTHORIZATION.exec(String(headers['authorization'])) ?? [];
  if (signedFor !== region) return `it is not signed for ${region}`;
  const others = names.filter((name) => name !== 'authorization').sort();
  if (signed !== others.join(';')) return 'it does not sign all of its headers';
  const date = String(headers['x-amz-date']);
  const atMs = Date.parse(date.replace(DATE, '$1-$2-$3T$4:$5:$6Z'));
  if (!date.startsWith(String(day)) || !(Math.abs(nowMs - atMs) <= LONGEST_AGE_MS))
    return 'it was made more than five minutes ago, or by a clock that is wrong';
  return undefined;
}

/** Values that are one line of a header each. */
function headersOf(proof: unknown): Readonly<Record<string, string>> | undefined {
  const headers = (proof as Partial<IdentityProof> | null)?.headers;
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return undefined;
  const isLine = (value: unknown) =>
    typeof value === 'string' && value.length <= LONGEST_VALUE && /^[\x20-\x7e]+$/.test(value);
  return Object.values(headers).every(isLine) ? headers : undefined;
}
