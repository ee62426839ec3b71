/** A REST API behind the authorizer. */

import { Template } from 'aws-cdk-lib/assertions';
import { AuthorizationType, Cors, LambdaIntegration } from 'aws-cdk-lib/aws-apigateway';
import { describe, expect, it } from 'vitest';
import type { RestProtectionOptions } from '../../../lib/index.ts';
import { bench, restApi } from '../../support/synth.ts';
import { environmentOf, only, plain, type Resource, resources } from '../../support/template.ts';

const REFUSALS = [
  'UNAUTHORIZED',
  'ACCESS_DENIED',
  'AUTHORIZER_FAILURE',
  'AUTHORIZER_CONFIGURATION_ERROR',
  'MISSING_AUTHENTICATION_TOKEN',
];

/** An API with a method of every kind, protected before the last of them is added. */
function protectedApi(options: RestProtectionOptions = {}): Template {
  const { stack, keys, backend } = bench();
  const { api, orders } = restApi(stack, backend);
  const integration = new LambdaIntegration(backend);
  orders.addCorsPreflight({ allowOrigins: Cors.ALL_ORIGINS });
  orders.addMethod('POST', integration, { authorizationType: AuthorizationType.IAM });
  orders.addMethod('PUT', integration, { authorizationType: AuthorizationType.NONE });
  keys.protectRestApi(api, options);
  orders.addMethod('DELETE', integration);
  return Template.fromStack(stack);
}

const template = protectedApi();
const authorizer = only(template, 'AWS::ApiGateway::Authorizer', 'Rest');
const responses = resources(template, 'AWS::ApiGateway::GatewayResponse', 'Rest');
const responseOf = (type: string, of: readonly Resource[] = responses) =>
  of.find(({ properties }) => properties['ResponseType'] === type)?.properties as {
    readonly StatusCode: string;
    readonly ResponseParameters?: Readonly<Record<string, string>>;
    readonly ResponseTemplates: Readonly<Record<string, string>>;
  };

describe('methods', () => {
  const methodOf = (verb: string) =>
    resources(template, 'AWS::ApiGateway::Method', 'Rest').find(
      ({ properties }) => properties['HttpMethod'] === verb,
    )?.properties;

  it.each(['GET', 'PUT', 'DELETE'])('%s has no authorization of its own: the authorizer decides', (verb) => {
    expect(methodOf(verb)).toMatchObject({
      AuthorizationType: 'CUSTOM',
      AuthorizerId: { Ref: authorizer.id },
    });
  });

  it('POST keeps its own authorization', () => {
    expect(methodOf('POST')).toMatchObject({ AuthorizationType: 'AWS_IAM' });
    expect(methodOf('POST')).not.toHaveProperty('AuthorizerId');
  });

  it('OPTIONS stays open: a preflight request carries no key', () => {
    expect(methodOf('OPTIONS')).toMatchObject({ AuthorizationType: 'NONE' });
    expect(methodOf('OPTIONS')).not.toHaveProperty('AuthorizerId');
  });
});

describe('the authorizer', () => {
  it('is asked each time, whichever header carries the key', () => {
    expect(authorizer.properties).toMatchObject({ Type: 'REQUEST', AuthorizerResultTtlInSeconds: 0 });
    expect(authorizer.properties).not.toHaveProperty('IdentitySource');
    expect(environmentOf(template, 'KeysAuthorizer')).toMatchObject({
      KEY_HEADER: 'either',
      ANSWER: 'policy',
      CACHED: 'no',
    });
  });

  it('may be invoked by this one API and its one authorizer', () => {
    const permission = only(template, 'AWS::Lambda::Permission', 'RestKeyturnProtection').properties;
    const fn = only(template, 'AWS::Lambda::Function', 'KeysAuthorizer').id;
    const api = only(template, 'AWS::ApiGateway::RestApi', 'Rest').id;
    expect(permission).toMatchObject({
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [fn, 'Arn'] },
      Principal: 'apigateway.amazonaws.com',
    });
    expect(plain(permission['SourceArn'])).toBe(
      `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${api}>/authorizers/<${authorizer.id}>`,
    );
    expect(plain(authorizer.properties['AuthorizerUri'])).toBe(
      `arn:<AWS::Partition>:apigateway:<AWS::Region>:lambda:path/2015-03-31/functions/<${fn}.Arn>/invocations`,
    );
  });
});

describe('refusals', () => {
  it('are the five that the authorizer or API Gateway itself gives', () => {
    expect(responses.map(({ properties }) => properties['ResponseType'])).toEqual(REFUSALS);
  });

  it.each([
    ['UNAUTHORIZED', '401', 'unauthorized'],
    ['ACCESS_DENIED', '403', '$context.authorizer.error'],
    ['AUTHORIZER_FAILURE', '500', 'authorizer_failure'],
    ['AUTHORIZER_CONFIGURATION_ERROR', '500', 'authorizer_failure'],
    ['MISSING_AUTHENTICATION_TOKEN', '404', 'not_found'],
  ])('%s is %s, with a body in JSON that names the request', (type, statusCode, error) => {
    const { StatusCode, ResponseTemplates } = responseOf(type);
    expect(StatusCode).toBe(statusCode);
    expect(Object.keys(ResponseTemplates)).toEqual(['application/json']);
    const body = JSON.parse(ResponseTemplates['application/json'] as string);
    expect(body).toEqual({ error, message: expect.any(String), requestId: '$context.requestId' });
  });

  it('challenge on a 401 with the realm, and say nothing of the reason', () => {
    expect(responseOf('UNAUTHORIZED').ResponseParameters).toEqual({
      'gatewayresponse.header.WWW-Authenticate': `'Bearer realm="api"'`,
    });
    const body = responseOf('UNAUTHORIZED').ResponseTemplates['application/json'];
    expect(body).not.toMatch(/authorizer|expired|revoked|disabled|unknown|retired/);
  });

  it('challenge on a 403 with the words that the authorizer gave', () => {
    expect(responseOf('ACCESS_DENIED').ResponseParameters).toEqual({
      'gatewayresponse.header.WWW-Authenticate': 'context.authorizer.challenge',
    });
    const body = JSON.parse(responseOf('ACCESS_DENIED').ResponseTemplates['application/json'] as string);
    expect(body.message).toBe('$context.authorizer.message');
  });

  it('challenge for nothing else', () => {
    for (const type of REFUSALS.slice(2)) expect(responseOf(type)).not.toHaveProperty('ResponseParameters');
  });

  it('name the realm that the API has', () => {
    const own = resources(protectedApi({ realm: 'orders' }), 'AWS::ApiGateway::GatewayResponse', 'Rest');
    expect(responseOf('UNAUTHORIZED', own).ResponseParameters).toEqual({
      'gatewayresponse.header.WWW-Authenticate': `'Bearer realm="orders"'`,
    });
  });
});

describe('a change of the protection', () => {
  const deploymentOf = (options: RestProtectionOptions) =>
    only(protectedApi(options), 'AWS::ApiGateway::Deployment', 'Rest').id;

  it.each<RestProtectionOptions>([{ realm: 'orders' }, { cacheTtl: 'PT1M' }, { authorizerType: 'TOKEN' }])(
    '%j reaches the stage: it makes a new deployment',
    (options) => {
      expect(deploymentOf(options)).not.toBe(deploymentOf({}));
    },
  );

  it('makes no deployment where there is none', () => {
    expect(deploymentOf({})).toBe(deploymentOf({}));
  });
});

describe('a TOKEN authorizer', () => {
  it('reads one header, and knows which', () => {
    const own = protectedApi({ authorizerType: 'TOKEN', keyHeader: 'x-api-key' });
    expect(only(own, 'AWS::ApiGateway::Authorizer', 'Rest').properties).toMatchObject({
      Type: 'TOKEN',
      IdentitySource: 'method.request.header.x-api-key',
      AuthorizerResultTtlInSeconds: 0,
    });
    expect(environmentOf(own, 'KeysAuthorizer')['KEY_HEADER']).toBe('x-api-key');
  });

  it('reads Authorization by default', () => {
    const own = protectedApi({ authorizerType: 'TOKEN' });
    expect(only(own, 'AWS::ApiGateway::Authorizer', 'Rest').properties['IdentitySource']).toBe(
      'method.request.header.Authorization',
    );
    expect(environmentOf(own, 'KeysAuthorizer')['KEY_HEADER']).toBe('Authorization');
  });
});
