/** What API Gateway hands over, as far as the claim page needs it. */
import { LONGEST_BODY } from '../../../rules/delivery-paths.ts';
import { type RequestIdentity, requestOrigin } from '../request-origin.ts';

/** Payload 1.0 of a REST API. */
export interface ClaimEvent {
  /** The route's pattern. */
  readonly resource: string;
  readonly httpMethod: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>> | null;
  readonly headers: Readonly<Record<string, string | undefined>> | null;
  readonly body: string | null;
  readonly requestContext: {
    readonly requestId: string;
    readonly identity?: RequestIdentity;
  };
}

/** The `action` of a form; undefined for anything else. */
export const actionIn = ({ body }: Pick<ClaimEvent, 'body'>): string | undefined =>
  body === null || body.length > LONGEST_BODY
    ? undefined
    : (new URLSearchParams(body).get('action') ?? undefined);

/**
 * Whether a browser says that another site made it send this. Not by `Origin`: a page that gives no referrer sends `null`
 * there with its own forms.
 */
export function isFromElsewhere({ headers }: Pick<ClaimEvent, 'headers'>): boolean {
  const [, site] =
    Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'sec-fetch-site') ?? [];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** Who asks, for the record. */
export const visitorOf = ({ requestContext }: Pick<ClaimEvent, 'requestContext'>) => ({
  actor: { principal: 'claim-link', via: 'claim-page', requestId: requestContext.requestId },
  origin: { address: 'unknown', userAgent: 'unstated', ...requestOrigin(requestContext.identity) },
});
