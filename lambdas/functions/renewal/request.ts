/** What API Gateway hands over, as far as renewals need it. */
import { LONGEST_BODY } from '../../../rules/delivery-paths.ts';
import { type RequestIdentity, requestOrigin } from '../request-origin.ts';

/** Payload 1.0 of a REST API. */
export interface RenewalEvent {
  /** The route's pattern, such as `/renewals/{keyId}`. */
  readonly resource: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>> | null;
  readonly body: string | null;
  readonly requestContext: {
    readonly requestId: string;
    readonly identity?: RequestIdentity;
    /** What Keyturn's authorizer found, on the route that has one. */
    readonly authorizer?: Readonly<Record<string, unknown>> | null;
  };
}

/** @returns the `proof` in a body that is a JSON object; undefined for anything else */
export function proofIn({ body }: Pick<RenewalEvent, 'body'>): unknown {
  if (body === null || body.length > LONGEST_BODY) return undefined;
  try {
    return (JSON.parse(body) as { readonly proof?: unknown } | null)?.proof;
  } catch {
    return undefined;
  }
}

/** Who asks, for the record. */
export const callerIn = ({ requestContext }: RenewalEvent) => ({
  address: 'unknown',
  userAgent: 'unstated',
  ...requestOrigin(requestContext.identity),
});

/** The version of this key that the authorizer accepted; undefined when it accepted another key. */
export function authorizedVersion({ requestContext }: RenewalEvent, keyId: string): number | undefined {
  const { authorizer } = requestContext;
  return authorizer?.['keyId'] === keyId ? Number(authorizer['keyVersion']) : undefined;
}
