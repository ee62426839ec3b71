/** An HTTP API behind the authorizer. */

import { Template } from 'aws-cdk-lib/assertions';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { describe, expect, it } from 'vitest';
import type { HttpProtectionOptions } from '../../../lib/index.ts';
import { bench, httpApi } from '../../support/synth.ts';
import { environmentOf, only, plain, resources } from '../../support/template.ts';

/** An API with a route of every kind, protected before the last of them is added. */
function protectedApi(options: HttpProtectionOptions = {}): Template {
  const { stack, keys, backend } = bench();
  const api = httpApi(stack, backend);
  const integration = new HttpLambdaIntegration('More', backend);
  const add = (method: HttpMethod) => api.addRoutes({ path: '/orders', methods: [method], integration });
  add(HttpMethod.OPTIONS);
  api.addRoutes({
    path: '/orders',
    methods: [HttpMethod.POST],
    integration,
    authorizer: new HttpIamAuthorizer(),
  });
  keys.protectHttpApi(api, options);
  add(HttpMethod.DELETE);
  return Template.fromStack(stack);
}

const template = protectedApi();
const authorizer = only(template, 'AWS::ApiGatewayV2::Authorizer');

describe('routes', () => {
  const routeOf = (key: string) =>
    resources(template, 'AWS::ApiGatewayV2::Route').find(({ properties }) => properties['RouteKey'] === key)
      ?.properties;

  it.each(['GET /orders', 'DELETE /orders'])('%s: the authorizer decides', (key) => {
    expect(routeOf(key)).toMatchObject({
      AuthorizationType: 'CUSTOM',
      AuthorizerId: { Ref: authorizer.id },
    });
  });

  it('POST keeps its own authorization', () => {
    expect(routeOf('POST /orders')).toMatchObject({ AuthorizationType: 'AWS_IAM' });
    expect(routeOf('POST /orders')).not.toHaveProperty('AuthorizerId');
  });

  it('OPTIONS stays open: a preflight request carries no key', () => {
    expect(routeOf('OPTIONS /orders')).not.toHaveProperty('AuthorizerId');
  });
});

describe('the authorizer', () => {
  it('is asked each time, whichever header carries the key', () => {
    expect(authorizer.properties).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      AuthorizerResultTtlInSeconds: 0,
      // Empty and said: an absent one is filled in by some tools.
      IdentitySource: [],
    });
    expect(environmentOf(template, 'KeysAuthorizer')).toMatchObject({ KEY_HEADER: 'either', CACHED: 'no' });
  });

  it.each([
    ['simple', true],
    ['policy', false],
  ] as const)('answers in the %s form when the API is told so', (answer, simple) => {
    const own = protectedApi({ answer });
    const { EnableSimpleResponses } = only(own, 'AWS::ApiGatewayV2::Authorizer').properties;
    expect(EnableSimpleResponses).toBe(simple);
    expect(environmentOf(own, 'KeysAuthorizer')['ANSWER']).toBe(answer);
  });

  it('answers in the simple form by default', () => {
    expect(authorizer.properties['EnableSimpleResponses']).toBe(true);
    expect(environmentOf(template, 'KeysAuthorizer')['ANSWER']).toBe('simple');
  });

  it('may be invoked by this one API and its one authorizer', () => {
    const permission = only(template, 'AWS::Lambda::Permission', 'HttpKeyturnProtection').properties;
    const api = only(template, 'AWS::ApiGatewayV2::Api').id;
    expect(permission['Principal']).toBe('apigateway.amazonaws.com');
    expect(plain(permission['SourceArn'])).toBe(
      `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${api}>/authorizers/<${authorizer.id}>`,
    );
  });
});
