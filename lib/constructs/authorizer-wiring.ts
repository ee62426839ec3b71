/** What an authorizer resource has in common on both kinds of API. */
import { Aws } from 'aws-cdk-lib';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Protection } from '../protection.ts';

export const authorizerUri = (authorizer: IFunction): string =>
  `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}:lambda:path/2015-03-31/functions/${authorizer.functionArn}/invocations`;

/** Shown in the console only. */
export const authorizerName = (scope: Construct): string => scope.node.path.replaceAll('/', '-').slice(-100);

/** In the API's own scope: a permission below the function would make its stack depend on the API's. */
export function allowInvocation(
  scope: Construct,
  authorizer: IFunction,
  apiId: string,
  authorizerId: string,
): void {
  new CfnPermission(scope, 'Invoke', {
    action: 'lambda:InvokeFunction',
    functionName: authorizer.functionArn,
    principal: 'apigateway.amazonaws.com',
    sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${apiId}/authorizers/${authorizerId}`,
  });
}

/** How a kind of API writes what identifies a request. */
export interface SourceSyntax {
  readonly header: (name: string) => string;
  readonly address: string;
  readonly route: readonly string[];
}

/**
 * What identifies a request. API Gateway refuses one that lacks any of them with 401, so without a cache there are
 * none: either header may carry the key. With one they are the cache's key, and everything the decision rests on must
 * be in it, or one request's answer would serve another that deserves a different one.
 */
export function identitySources(
  { rules, cacheSeconds, keyHeader }: Protection,
  { header, address, route }: SourceSyntax,
): string[] {
  if (cacheSeconds === 0) return [];
  return [
    header(keyHeader ?? 'Authorization'),
    address,
    ...(rules.toolScopes === 'gateway' ? ['Mcp-Method', 'Mcp-Name', 'MCP-Protocol-Version'].map(header) : []),
    ...(Object.keys(rules.routeScopes).length > 0 ? route : []),
  ];
}
