/** Puts an authorizer before every route of an HTTP API. */
import { CfnAuthorizer, type HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
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

export interface HttpProtectionProps {
  readonly api: HttpApi;
  readonly authorizer: IFunction;
  readonly answer: 'simple' | 'policy';
  readonly protection: Protection;
}

export class HttpProtection extends Construct {
  constructor(scope: Construct, id: string, { api, authorizer, answer, protection }: HttpProtectionProps) {
    super(scope, id);
    const cfnAuthorizer = new CfnAuthorizer(this, 'Authorizer', {
      apiId: api.apiId,
      name: authorizerName(this),
      authorizerType: 'REQUEST',
      authorizerPayloadFormatVersion: '2.0',
      enableSimpleResponses: answer === 'simple',
      authorizerResultTtlInSeconds: protection.cacheSeconds,
      authorizerUri: authorizerUri(authorizer),
      // Said even when empty: left out, some tools fill in the Authorization header, and x-api-key alone would get 401.
      identitySource: identitySources(protection, SYNTAX),
    });
    allowInvocation(this, authorizer, api.apiId, cfnAuthorizer.ref);
    protectRoutes(api, cfnAuthorizer.ref, protection);
  }
}

const SYNTAX: SourceSyntax = {
  header: (name) => `$request.header.${name}`,
  address: '$context.identity.sourceIp',
  // The method beside the route: `ANY /orders` is one route for all of them.
  route: ['$context.httpMethod', '$context.routeKey'],
};
