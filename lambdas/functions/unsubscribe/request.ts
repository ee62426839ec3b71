/** What API Gateway hands over, as far as the page needs it. */
import { LONGEST_BODY } from '../../../rules/delivery-paths.ts';
import { LANGUAGES, type Language } from '../../../rules/mail-locale.ts';
import type { ChangedBy } from '../../core/use-cases/change-owner-settings.ts';
import { type RequestIdentity, requestOrigin } from '../request-origin.ts';

/** Payload 1.0 of a REST API. */
export interface UnsubscribeEvent {
  /** The route's pattern. */
  readonly resource: string;
  readonly httpMethod: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>> | null;
  readonly queryStringParameters: Readonly<Record<string, string | undefined>> | null;
  readonly body: string | null;
  readonly requestContext: {
    readonly requestId: string;
    readonly identity?: RequestIdentity;
  };
}

/** Of RFC 8058: a mail program sends it, as a form of either encoding; a part may have headers of its own below its name. */
const ONE_CLICK = /\bList-Unsubscribe(?:=|"?(?:\r?\n[^\r\n]+)*(?:\r?\n){2})One-Click\b/;

/** What the page's button, or a mail program, wants; undefined for anything else. */
export function wishIn({ body }: Pick<UnsubscribeEvent, 'body'>): 'leave' | 'return' | undefined {
  if (body === null || body.length > LONGEST_BODY) return undefined;
  if (ONE_CLICK.test(body)) return 'leave';
  const action = new URLSearchParams(body).get('action');
  return action === 'leave' || action === 'return' ? action : undefined;
}

/** As the link has it; it changes the page's words and nothing else. */
export const languageOf = ({
  queryStringParameters,
}: Pick<UnsubscribeEvent, 'queryStringParameters'>): Language =>
  LANGUAGES.find((language) => language === queryStringParameters?.['lang']) ?? 'en';

/** Whoever has the link: its address is on record as the chain's, and from where it came. */
export const visitorOf = ({ requestContext }: Pick<UnsubscribeEvent, 'requestContext'>): ChangedBy => ({
  actor: {
    principal: 'unsubscribe-link',
    via: 'unsubscribe page',
    requestId: requestContext.requestId,
  },
  origin: requestOrigin(requestContext.identity),
});
