/** Puts an authorizer before every method of a REST API, and gives its refusals their headers and bodies. */
import { CfnAuthorizer, ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Protection } from '../protection.ts';
import {
  allowInvocation,
  authorizerName,
  authorizerUri,
  identitySources,
  type SourceSyntax,
} from './authorizer-wiring.ts';
import { protectRoutes } from './protect-routes.ts';

export interface RestProtectionProps {
  readonly api: RestApi;
  readonly authorizer: IFunction;
  readonly authorizerType: 'REQUEST' | 'TOKEN';
  readonly protection: Protection;
  readonly realm: string;
}

export class RestProtection extends Construct {
  constructor(scope: Construct, id: string, props: RestProtectionProps) {
    super(scope, id);
    const { api, authorizer, authorizerType, protection } = props;
    const sources = sourcesOf(protection, authorizerType);
    const properties = {
      name: authorizerName(this),
      type: authorizerType,
      restApiId: api.restApiId,
      authorizerUri: authorizerUri(authorizer),
      authorizerResultTtlInSeconds: protection.cacheSeconds,
      ...(sources.length > 0 ? { identitySource: sources.join(', ') } : {}),
    };
    const cfnAuthorizer = new CfnAuthorizer(this, 'Authorizer', properties);
    allowInvocation(this, authorizer, api.restApiId, cfnAuthorizer.ref);
    protectRoutes(api, cfnAuthorizer.ref, protection);
    addGatewayResponses(api, props.realm);
    // A deployment is a copy: without this a change of the authorizer alone would never reach the stage.
    api.latestDeployment?.node.addDependency(cfnAuthorizer);
    api.latestDeployment?.addToLogicalId({ keyturn: properties });
  }
}

const SYNTAX: SourceSyntax = {
  header: (name) => `method.request.header.${name}`,
  address: 'context.identity.sourceIp',
  route: ['context.httpMethod', 'context.resourcePath'],
};

/** A TOKEN authorizer is told one header, cached or not. */
const sourcesOf = (protection: Protection, type: RestProtectionProps['authorizerType']): string[] =>
  type === 'TOKEN'
    ? [SYNTAX.header(protection.keyHeader ?? 'Authorization')]
    : identitySources(protection, SYNTAX);

/** RFC 6750 section 3 for the headers. Bodies are JSON and never say which of the reasons for a 401 it was. */
function addGatewayResponses(api: RestApi, realm: string): void {
  const json = (body: Record<string, string>) => ({ 'application/json': JSON.stringify(body) });
  const failure = {
    statusCode: '500',
    templates: json({
      error: 'authorizer_failure',
      message: 'The key could not be checked. Try again.',
      requestId: '$context.requestId',
    }),
  };
  api.addGatewayResponse('KeyturnUnauthorized', {
    type: ResponseType.UNAUTHORIZED,
    statusCode: '401',
    // A thrown Unauthorized carries no context: the header is one fixed text.
    responseHeaders: { 'WWW-Authenticate': `'Bearer realm="${realm}"'` },
    templates: json({
      error: 'unauthorized',
      message: 'A valid API key is required, as `Authorization: Bearer <key>` or `x-api-key: <key>`.',
      requestId: '$context.requestId',
    }),
  });
  api.addGatewayResponse('KeyturnAccessDenied', {
    type: ResponseType.ACCESS_DENIED,
    statusCode: '403',
    responseHeaders: { 'WWW-Authenticate': 'context.authorizer.challenge' },
    templates: json({
      error: '$context.authorizer.error',
      message: '$context.authorizer.message',
      requestId: '$context.requestId',
    }),
  });
  api.addGatewayResponse('KeyturnAuthorizerFailure', { type: ResponseType.AUTHORIZER_FAILURE, ...failure });
  api.addGatewayResponse('KeyturnAuthorizerError', {
    type: ResponseType.AUTHORIZER_CONFIGURATION_ERROR,
    ...failure,
  });
  // API Gateway says 403 for a path that is not there; clients that look for OAuth under /.well-known want a 404.
  api.addGatewayResponse('KeyturnNotFound', {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    statusCode: '404',
    templates: json({
      error: 'not_found',
      message: 'There is nothing here.',
      requestId: '$context.requestId',
    }),
  });
}
