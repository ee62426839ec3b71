/** What protection finds: every route of an API, whoever made it. */
import { CfnResource } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpApi, HttpMethod, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { expect, it } from 'vitest';
import { bench, httpApi, restApi } from '../../support/synth.ts';

it('a method that is no CfnMethod of this copy of the construct library is protected all the same', () => {
  const { stack, keys, backend } = bench();
  const { api } = restApi(stack, backend, 'Api');
  const properties = {
    HttpMethod: 'DELETE',
    RestApiId: api.restApiId,
    ResourceId: api.restApiRootResourceId,
  };
  new CfnResource(api, 'Raw', { type: 'AWS::ApiGateway::Method', properties });
  keys.protectRestApi(api);
  Template.fromStack(stack).hasResourceProperties('AWS::ApiGateway::Method', {
    HttpMethod: 'DELETE',
    AuthorizationType: 'CUSTOM',
  });
});

it('an API with nothing to protect fails the synthesis and says the mend', () => {
  const { app, stack, keys, backend } = bench();
  const api = httpApi(stack, backend, 'Api');
  for (const route of api.node.findAll()) {
    if (CfnResource.isCfnResource(route) && route.cfnResourceType === 'AWS::ApiGatewayV2::Route') {
      Object.assign(route, { authorizationType: 'AWS_IAM' });
    }
  }
  keys.protectHttpApi(api);
  expect(() => app.synth()).toThrow(/nothing to protect.*Add its methods/s);
});

it('a route that is made outside the API it belongs to is protected all the same', () => {
  const { stack, keys, backend } = bench();
  const api = httpApi(stack, backend, 'Api');
  keys.protectHttpApi(api);
  const integration = new HttpLambdaIntegration('Late', backend);
  new HttpRoute(stack, 'Outside', {
    httpApi: api,
    routeKey: HttpRouteKey.with('/outside', HttpMethod.ANY),
    integration,
  });
  Template.fromStack(stack).hasResourceProperties('AWS::ApiGatewayV2::Route', {
    RouteKey: 'ANY /outside',
    AuthorizationType: 'CUSTOM',
  });
});

it('a route of another API is left as it is', () => {
  const { stack, keys, backend } = bench();
  keys.protectHttpApi(httpApi(stack, backend, 'Api'));
  const other = new HttpApi(stack, 'Other');
  other.addRoutes({ path: '/open', integration: new HttpLambdaIntegration('Open', backend) });
  Template.fromStack(stack).hasResourceProperties('AWS::ApiGatewayV2::Route', {
    RouteKey: 'ANY /open',
    AuthorizationType: 'NONE',
  });
});

it.each([
  [{ 'GET /orderz': ['orders:read'] }, "names 'GET /orderz'"],
  [{ 'DELETE /orders': ['orders:write'] }, "names 'DELETE /orders'"],
  [{ $default: ['orders:read'] }, "names '$default'"],
])('scopes for a route that is not there fail the synthesis: %j', (scopes, complaint) => {
  const { app, stack, keys, backend } = bench();
  const api = new HttpApi(stack, 'Api');
  const integration = new HttpLambdaIntegration('Orders', backend);
  api.addRoutes({ path: '/orders', methods: [HttpMethod.GET], integration });
  keys.protectHttpApi(api, { scopes });
  expect(() => app.synth()).toThrow(complaint);
});

it('scopes for routes that are there, by method or for all methods, are taken', () => {
  const { app, stack, keys, backend } = bench();
  const { api } = restApi(stack, backend, 'Api');
  api.root.addResource('reports').addMethod('ANY');
  keys.protectRestApi(api, {
    scopes: { 'GET /reports': ['reports:read'], 'ANY /reports': ['reports:*'], '*': ['other:use'] },
  });
  expect(() => app.synth()).not.toThrow();
});
