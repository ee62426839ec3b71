/** What API Gateway hands over, as far as renewals need it. */
import { LONGEST_BODY } from '../../../rules/delivery-paths.ts';
import { parseFreeText } from '../../../rules/free-text.ts';

/** Payload 1.0 of a REST API. */
export interface RenewalEvent {
  /** The route's pattern, such as `/renewals/{keyId}`. */
  readonly resource: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>> | null;
  readonly body: string | null;
  readonly requestContext: {
    readonly requestId: string;
    readonly identity?: { readonly sourceIp?: string; readonly userAgent?: string | null };
    /** What Keyturn's authorizer found, on the route that has one. */
    readonly authorizer?: Readonly<Record<string, unknown>> | null;
  };
}

const LONGEST_USER_AGENT = 256;

/** @returns the `proof` in a body that is a JSON object; undefined for anything else */
export function proofIn({ body }: Pick<RenewalEvent, 'body'>): unknown {
  if (body === null || body.length > LONGEST_BODY) return undefined;
  try {
    return (JSON.parse(body) as { readonly proof?: unknown } | null)?.proof;
  } catch {
    return undefined;
  }
}

/** Goes on record: a name that holds a key, or would forge a line of a log, is left out. */
export function callerIn({ requestContext }: RenewalEvent) {
  const { sourceIp, userAgent } = requestContext.identity ?? {};
  const stated = parseFreeText(userAgent?.slice(0, LONGEST_USER_AGENT), 'User-Agent', LONGEST_USER_AGENT);
  return { address: sourceIp ?? 'unknown', userAgent: stated.ok ? stated.value : 'unstated' };
}

/** The version of this key that the authorizer accepted; undefined when it accepted another key. */
export function authorizedVersion({ requestContext }: RenewalEvent, keyId: string): number | undefined {
  const { authorizer } = requestContext;
  return authorizer?.['keyId'] === keyId ? Number(authorizer['keyVersion']) : undefined;
}
