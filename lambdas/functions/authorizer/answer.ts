/** Decisions in the words of API Gateway. */
import type { AuthorizationDecision, Identity } from '../../core/domain/authorization.ts';
import { type GatewayEvent, isHttpApiEvent } from './request-from-event.ts';

type Context = Readonly<Record<string, string | number | boolean>>;

export interface PolicyAnswer {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: '2012-10-17';
    readonly Statement: readonly [
      { readonly Action: 'execute-api:Invoke'; readonly Effect: 'Allow' | 'Deny'; readonly Resource: string },
    ];
  };
  readonly context: Context;
}

export interface SimpleAnswer {
  readonly isAuthorized: boolean;
  readonly context: Context;
}

export interface AnswerStyle {
  readonly simpleAnswer: boolean;
  readonly cached: boolean;
}

/**
 * What is returned for an allowed or forbidden request. An unauthenticated one has no answer: the handler throws
 * `Unauthorized`, which alone makes API Gateway say 401.
 */
export function answerFor(
  event: GatewayEvent,
  decision: Exclude<AuthorizationDecision, { outcome: 'unauthenticated' }>,
  style: AnswerStyle,
): PolicyAnswer | SimpleAnswer {
  const allowed = decision.outcome === 'allowed';
  const context = allowed ? identityContext(decision.identity) : forbiddenContext(decision);
  if (style.simpleAnswer && isHttpApiEvent(event)) return { isAuthorized: allowed, context };
  const arn = isHttpApiEvent(event) ? event.routeArn : event.methodArn;
  return {
    principalId: decision.identity.keyId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'execute-api:Invoke',
          Effect: allowed ? 'Allow' : 'Deny',
          Resource: style.cached ? wholeStage(arn) : arn,
        },
      ],
    },
    context,
  };
}

/** `arn:…:execute-api:region:account:api/stage/METHOD/path` → every method of the stage: a kept policy serves them all. */
const wholeStage = (arn: string): string => `${arn.split('/').slice(0, 2).join('/')}/*`;

function identityContext(identity: Identity): Context {
  return {
    keyId: identity.keyId,
    keyVersion: String(identity.version),
    keyStatus: identity.versionStatus,
    owner: identity.owner,
    environment: identity.environment,
    scopes: identity.scopes.join(' '),
    ...(identity.expiresAtMs === undefined
      ? {}
      : { keyExpiresAt: new Date(identity.expiresAtMs).toISOString() }),
  };
}

/** RFC 6750 section 3: the challenge of a 403, which the REST API's gateway response puts into its header. */
function forbiddenContext(decision: Extract<AuthorizationDecision, { outcome: 'forbidden' }>): Context {
  const { reason, message, requiredScope } = decision;
  const error = reason === 'insufficient-scope' ? 'insufficient_scope' : 'access_denied';
  const scope = requiredScope ? `, scope="${requiredScope}"` : '';
  return {
    keyId: decision.identity.keyId,
    error,
    message,
    // MCP clients show the header's description and drop the body of a 403.
    challenge: `Bearer error="${error}"${scope}, error_description="${message}"`,
  };
}
