/** Puts an authorizer before every route of an HTTP API. */
import { Aws } from 'aws-cdk-lib';
import { CfnAuthorizer, type HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Protection } from '../protection.ts';
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
      name: `${this.node.path.replaceAll('/', '-')}`.slice(-100),
      authorizerType: 'REQUEST',
      authorizerPayloadFormatVersion: '2.0',
      enableSimpleResponses: answer === 'simple',
      authorizerResultTtlInSeconds: protection.cacheSeconds,
      authorizerUri: `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}:lambda:path/2015-03-31/functions/${authorizer.functionArn}/invocations`,
      // Said even when empty: left out, some tools fill in the Authorization header, and x-api-key alone would get 401.
      identitySource: identitySources(protection),
    });
    new CfnPermission(this, 'Invoke', {
      action: 'lambda:InvokeFunction',
      functionName: authorizer.functionArn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${api.apiId}/authorizers/${cfnAuthorizer.ref}`,
    });
    protectRoutes(api, cfnAuthorizer.ref);
  }
}

/** As on REST APIs: none without a cache; with one, everything that the decision rests on. */
function identitySources({ rules, cacheSeconds, keyHeader }: Protection): string[] {
  if (cacheSeconds === 0) return [];
  const header = (name: string) => `$request.header.${name}`;
  return [
    header(keyHeader ?? 'Authorization'),
    '$context.identity.sourceIp',
    ...(rules.toolScopes === 'gateway' ? ['Mcp-Method', 'Mcp-Name', 'MCP-Protocol-Version'].map(header) : []),
    ...(Object.keys(rules.routeScopes).length > 0 ? ['$context.routeKey'] : []),
  ];
}
