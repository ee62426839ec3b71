/** Several APIs on the same keys, in one stack and in several. */
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { CDK_CONTEXT } from '../../support/cdk-context.ts';
import { backendIn, bench, httpApi, newApp, restApi } from '../../support/synth.ts';
import { environmentOf, only, plain, resources } from '../../support/template.ts';

describe('two APIs in one stack', () => {
  const { stack, keys, backend } = bench();
  keys.protectRestApi(restApi(stack, backend, 'First').api, { environments: ['live'] });
  keys.protectRestApi(restApi(stack, backend, 'Second').api, { scopes: { '*': ['orders:read'] } });
  const template = Template.fromStack(stack);

  it('have a function each, by their own rules', () => {
    const rulesOf = (name: string) =>
      JSON.parse(String(environmentOf(template, `KeysAuthorizer${name}`)['API_RULES']));
    expect(rulesOf('First')).toMatchObject({ environments: ['live'], routeScopes: {} });
    expect(rulesOf('Second')).toMatchObject({
      environments: ['live', 'test'],
      routeScopes: { '*': ['orders:read'] },
    });
  });

  it('are both asked whether they know a new key', () => {
    const { AUTHORIZER_FUNCTIONS } = environmentOf(template, 'KeysWorkflowSteps');
    expect(plain(AUTHORIZER_FUNCTIONS).split(',')).toEqual(
      ['First', 'Second'].map(
        (name) => `<${only(template, 'AWS::Lambda::Function', `KeysAuthorizer${name}`).id}.Arn>`,
      ),
    );
  });
});

describe.each([
  ['the settings of this project', CDK_CONTEXT],
  ['the default settings of the CDK', {}],
])('an API in another stack than its keys, under %s', (_settings, context) => {
  const app = newApp(context);
  const { keys, stack } = bench({}, app);
  const other = new Stack(app, 'Other');
  keys.protectRestApi(restApi(other, backendIn(other), 'Api').api);
  const third = new Stack(app, 'Third');
  keys.protectHttpApi(httpApi(third, backendIn(third), 'Api'));
  const assembly = app.synth();

  it('is protected where it stands', () => {
    const rest = Template.fromStack(other);
    const authorizer = only(rest, 'AWS::ApiGateway::Authorizer').id;
    expect(only(rest, 'AWS::ApiGateway::Method').properties['AuthorizerId']).toEqual({ Ref: authorizer });
    expect(resources(Template.fromStack(third), 'AWS::ApiGatewayV2::Authorizer')).toHaveLength(1);
  });

  it('has its authorizer beside the keys, by a name of its own', () => {
    const functions = resources(Template.fromStack(stack), 'AWS::Lambda::Function', 'KeysAuthorizer');
    expect(functions.map(({ id }) => id.replace(/FnFunction[0-9A-F]{8}$/, ''))).toEqual([
      'KeysAuthorizerOtherApi',
      'KeysAuthorizerThirdApi',
    ]);
  });

  it('depends on the keys, and the keys not on it', () => {
    const dependencies = (name: string) =>
      assembly
        .getStackByName(name)
        .dependencies.map(({ id }) => id)
        .filter((id) => !id.endsWith('.assets'));
    expect(dependencies('Other')).toEqual(['Own']);
    expect(dependencies('Third')).toEqual(['Own']);
    expect(dependencies('Own')).toEqual([]);
  });
});
