/** The API that brings new keys to their owners: who may call what, what is checked before, and what stays out of its logs. */
import { describe, expect, it } from 'vitest';
import type { DeliveryApi } from '../../../lib/constructs/delivery-api.ts';
import type { ApiKeyLifecycleProps } from '../../../lib/index.ts';
import { CDK_CONTEXT } from '../../support/cdk-context.ts';
import { bench, deployedTemplate, keyturnTemplate, newApp } from '../../support/synth.ts';
import { environmentOf, type Json, only, plain, resources } from '../../support/template.ts';

const template = deployedTemplate();
const API = only(template, 'AWS::ApiGateway::RestApi', 'KeysDelivery').id;
const stage = only(template, 'AWS::ApiGateway::Stage', 'KeysDelivery').properties;

/** Methods as `POST /renewals/{keyId}`. */
const methods = Object.fromEntries(
  resources(template, 'AWS::ApiGateway::Method', 'KeysDelivery').map(({ properties }) => [
    `${properties['HttpMethod']} ${pathOf(properties['ResourceId'] as Json)}`,
    properties,
  ]),
);

function pathOf(reference: Json): string {
  const resource = template.findResources('AWS::ApiGateway::Resource')[String(reference['Ref'])];
  const { ParentId, PathPart } = resource?.['Properties'] ?? {};
  return ParentId.Ref === undefined ? `/${PathPart}` : `${pathOf(ParentId)}/${PathPart}`;
}

describe('its routes', () => {
  it('are those that there are', () => {
    expect(Object.keys(methods).sort()).toEqual([
      'GET /claim/{keyId}/{token}',
      'HEAD /claim/{keyId}/{token}',
      'OPTIONS /renewals/{keyId}',
      'OPTIONS /renewals/{keyId}/challenge',
      'OPTIONS /renewals/{keyId}/proposal',
      'POST /claim/{keyId}/{token}',
      'POST /renewals/{keyId}',
      'POST /renewals/{keyId}/challenge',
      'POST /renewals/{keyId}/proposal',
    ]);
  });

  it('want an API key for a proposal alone, by an authorizer that remembers nothing', () => {
    const authorizer = only(template, 'AWS::ApiGateway::Authorizer', 'KeysRenewal');
    expect(authorizer.properties).toMatchObject({ Type: 'REQUEST', AuthorizerResultTtlInSeconds: 0 });
    expect(methods['POST /renewals/{keyId}/proposal']).toMatchObject({
      AuthorizationType: 'CUSTOM',
      AuthorizerId: { Ref: authorizer.id },
    });
    expect(methods['POST /renewals/{keyId}']).toMatchObject({ AuthorizationType: 'NONE' });
    expect(environmentOf(template, 'KeysRenewalAuthorizer')).toMatchObject({
      MEMORY_SECONDS: '0',
      FLUSH_SECONDS: '0',
    });
  });

  it.each(['POST /renewals/{keyId}', 'POST /renewals/{keyId}/proposal'])(
    '%s takes one short proof and nothing beside it, whatever the content type says',
    (route) => {
      const { RequestModels, RequestValidatorId } = methods[route] as Json;
      const names = RequestModels as Record<string, { Ref: string }>;
      expect(Object.keys(names).sort()).toEqual(['$default', 'application/json']);
      const model = template.findResources('AWS::ApiGateway::Model')[names['$default']?.Ref as string];
      expect(model?.['Properties'].Schema).toMatchObject({
        type: 'object',
        required: ['proof'],
        additionalProperties: false,
        properties: { proof: { type: 'string', minLength: 1, maxLength: 8192 } },
      });
      expect(RequestValidatorId).toEqual({
        Ref: only(template, 'AWS::ApiGateway::RequestValidator', 'KeysDelivery').id,
      });
    },
  );

  it('are the claim page’s for whoever has a link: by GET, HEAD and POST of one function, and from no other origin', () => {
    const { id } = only(template, 'AWS::Lambda::Function', 'KeysClaimPageFn');
    for (const method of ['GET', 'HEAD', 'POST']) {
      const { AuthorizationType, Integration } = methods[`${method} /claim/{keyId}/{token}`] as Json;
      expect(AuthorizationType).toBe('NONE');
      expect(Integration).toMatchObject({ Type: 'AWS_PROXY' });
      expect(JSON.stringify(Integration)).toContain(`{"Fn::GetAtt":["${id}","Arn"]}`);
    }
    expect(methods).not.toHaveProperty('OPTIONS /claim/{keyId}/{token}');
  });

  it('may be called by pages of any origin, which carry no cookies here', () => {
    const { Integration } = methods['OPTIONS /renewals/{keyId}'] as { Integration: Json };
    const [{ ResponseParameters } = { ResponseParameters: {} }] = Integration['IntegrationResponses'] as {
      ResponseParameters: Json;
    }[];
    expect(ResponseParameters).toMatchObject({
      'method.response.header.Access-Control-Allow-Origin': "'*'",
      'method.response.header.Access-Control-Allow-Methods': "'POST'",
      'method.response.header.Access-Control-Allow-Headers': "'authorization,content-type'",
    });
    expect(ResponseParameters).not.toHaveProperty('method.response.header.Access-Control-Allow-Credentials');
  });
});

describe('its stage', () => {
  it('is throttled as a whole', () => {
    expect(stage['MethodSettings']).toEqual([
      expect.objectContaining({
        HttpMethod: '*',
        ResourcePath: '/*',
        ThrottlingRateLimit: 20,
        ThrottlingBurstLimit: 40,
      }),
      expect.anything(),
    ]);
  });

  it('takes half of that for taking keys by links', () => {
    expect(stage['MethodSettings']).toContainEqual(
      expect.objectContaining({
        HttpMethod: 'POST',
        ResourcePath: '/~1claim~1{keyId}~1{token}',
        ThrottlingRateLimit: 10,
        ThrottlingBurstLimit: 20,
      }),
    );
  });

  it('logs each request by its route, without path, query, headers or body', () => {
    const { Format } = stage['AccessLogSetting'] as { Format: string };
    const logged = [...Format.matchAll(/\$context\.([\w.]+)/g)].map(([, name]) => name);
    expect(logged).toContain('resourcePath');
    expect(logged).toContain('status');
    for (const name of logged) expect(name).not.toMatch(/^(path|authorizer|requestOverride)|header|query/i);
    expect(JSON.parse(Format)).toHaveProperty('route');
  });

  it('has no execution log, which would hold whole paths', () => {
    for (const setting of stage['MethodSettings'] as Json[]) {
      expect(setting).toMatchObject({ LoggingLevel: 'OFF', DataTraceEnabled: false });
    }
  });
});

describe('what API Gateway itself answers', () => {
  const responses = resources(template, 'AWS::ApiGateway::GatewayResponse', 'KeysDelivery');

  it('may not be kept, and repeats nothing of the request', () => {
    expect(responses.map(({ properties }) => properties['ResponseType']).sort()).toEqual([
      'DEFAULT_4XX',
      'DEFAULT_5XX',
      'MISSING_AUTHENTICATION_TOKEN',
    ]);
    for (const { properties } of responses) {
      expect(properties['ResponseParameters']).toMatchObject({
        'gatewayresponse.header.Cache-Control': "'no-store'",
        'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
      });
      const body = String((properties['ResponseTemplates'] as Json)['application/json']);
      expect([...body.matchAll(/\$context\.([\w.]+)/g)].map(([, name]) => name)).toEqual([
        'error.responseType',
        'error.messageString',
        'requestId',
      ]);
    }
  });
});

describe('its address', () => {
  const ADDRESS = `https://<${API}>.execute-api.<AWS::Region>.<AWS::URLSuffix>/keys`;
  const urlIn = (of: typeof template) => plain(environmentOf(of, 'KeysRenewalFn')['DELIVERY_URL']);

  it('is API Gateway’s own, told to the function and by an output alike', () => {
    expect(urlIn(template)).toBe(ADDRESS);
    expect(plain(template.toJSON().Outputs.DeliveryUrl.Value)).toBe(ADDRESS);
  });

  it('is one of the deployment’s own where there is one', () => {
    const own = keyturnTemplate({ keys: { deliveryApi: { url: 'https://keys.example.com/new' } } });
    expect(urlIn(own)).toBe('https://keys.example.com/new');
    expect(own.toJSON().Outputs.DeliveryUrl.Value).toBe('https://keys.example.com/new');
  });

  it('is where API Gateway answers on the local cloud', () => {
    const context = { ...CDK_CONTEXT, 'keyturn:gatewayUrl': 'http://127.0.0.1:4566/_aws/execute-api' };
    const { stack } = bench({}, newApp(context));
    const api = stack.node
      .findAll()
      .find(({ node }) => node.path === 'Own/Keys/Default/Delivery') as DeliveryApi;
    expect(api.url).toMatch(/^http:\/\/127\.0\.0\.1:4566\/_aws\/execute-api\/.+\/keys$/);
  });
});

describe('its settings', () => {
  it.each<[string, unknown, RegExp]>([
    ['a slash at the end', { url: 'https://keys.example.com/' }, /without a slash/],
    ['no TLS', { url: 'http://keys.example.com' }, /https/],
    ['a query', { url: 'https://keys.example.com?a=b' }, /no address/],
    ['no address', { url: 'keys' }, /'keys'/],
    ['no requests', { requestsPerSecond: 0 }, /1 to 1000/],
    ['half a request', { requestsPerSecond: 1.5 }, /'1.5'/],
    ['a setting that is none', { rate: 5 }, /'rate'/],
    ['an empty query', { url: 'https://keys.example.com?' }, /is no address to put a path behind/],
    ['an empty fragment', { url: 'https://keys.example.com/#' }, /is no address to put a path behind/],
    ['a password alone', { url: 'https://:pw@keys.example.com' }, /is no address to put a path behind/],
    ['a capital letter', { url: 'https://Keys.example.com' }, /is no address to put a path behind/],
    ['a way back', { url: 'https://keys.example.com/a/..' }, /is no address to put a path behind/],
  ])('with %s fail', (_what, deliveryApi, message) => {
    expect(() => bench({ deliveryApi } as ApiKeyLifecycleProps)).toThrow(message);
  });

  it('set the pace, and leave the Region’s role for logs to whoever has one', () => {
    const own = keyturnTemplate({ keys: { deliveryApi: { requestsPerSecond: 5, cloudWatchRole: false } } });
    const { MethodSettings } = only(own, 'AWS::ApiGateway::Stage', 'KeysDelivery').properties;
    expect(MethodSettings).toEqual([
      expect.objectContaining({ ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 }),
      expect.objectContaining({ HttpMethod: 'POST', ThrottlingRateLimit: 3, ThrottlingBurstLimit: 6 }),
    ]);
    expect(resources(own, 'AWS::ApiGateway::Account')).toEqual([]);
    expect(resources(template, 'AWS::ApiGateway::Account')).toHaveLength(1);
  });
});
