/** With `cacheTtl` API Gateway keeps the authorizer's answers: what they rest on, and how refusals empty the cache. */
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { ProtectionOptions } from '../../../lib/index.ts';
import { statementsOf } from '../../support/statements.ts';
import { type Bench, bench, httpApi, restApi } from '../../support/synth.ts';
import { environmentOf, only, plain } from '../../support/template.ts';

type Kind = 'rest' | 'http';
const KINDS: readonly Kind[] = ['rest', 'http'];

function cached(kind: Kind, options: ProtectionOptions): Bench {
  const own = bench();
  const { stack, keys, backend } = own;
  if (kind === 'rest') keys.protectRestApi(restApi(stack, backend, 'Api').api, options);
  else keys.protectHttpApi(httpApi(stack, backend, 'Api'), options);
  return own;
}

const templateOf = (kind: Kind, options: ProtectionOptions): Template =>
  Template.fromStack(cached(kind, { cacheTtl: 'PT5M', ...options }).stack);

/** The identity sources, in the words of REST APIs. */
function sourcesOf(kind: Kind, options: ProtectionOptions): string[] {
  const template = templateOf(kind, options);
  if (kind === 'rest') {
    const { IdentitySource } = only(template, 'AWS::ApiGateway::Authorizer', 'Api').properties;
    return String(IdentitySource).split(', ');
  }
  const { IdentitySource } = only(template, 'AWS::ApiGatewayV2::Authorizer').properties;
  return (IdentitySource as string[]).map((source) =>
    source.replace('$request.', 'method.request.').replace('$context.', 'context.'),
  );
}

const KEY = 'method.request.header.Authorization';
const ADDRESS = 'context.identity.sourceIp';
const MCP = ['Mcp-Method', 'Mcp-Name', 'MCP-Protocol-Version'].map((name) => `method.request.header.${name}`);
const ROUTE = {
  rest: ['context.httpMethod', 'context.resourcePath'],
  http: ['context.httpMethod', 'context.routeKey'],
};

describe.each(KINDS)('a cached answer of a %s API', (kind) => {
  it('is kept as long as the API says, for every method, by one header alone', () => {
    const template = templateOf(kind, { toolScopes: 'off' });
    const type = kind === 'rest' ? 'AWS::ApiGateway::Authorizer' : 'AWS::ApiGatewayV2::Authorizer';
    expect(only(template, type, 'Api').properties['AuthorizerResultTtlInSeconds']).toBe(300);
    expect(environmentOf(template, 'KeysAuthorizer')).toMatchObject({
      CACHED: 'yes',
      KEY_HEADER: 'Authorization',
    });
  });

  it('hides a use that long, and so no migration is judged on a shorter window', () => {
    const lag = (options: ProtectionOptions) =>
      environmentOf(templateOf(kind, { toolScopes: 'off', ...options }), 'KeysWorkflowSteps')[
        'EVIDENCE_LAG_SECONDS'
      ];
    // The answer's 300 s or, where it is kept more shortly, the 5 s of memory; a flush interval of 10 s; a read of 1 s.
    expect(lag({})).toBe('311');
    expect(lag({ cacheTtl: 'PT2S' })).toBe('16');
  });

  it('rests on the key and the address', () => {
    expect(sourcesOf(kind, { toolScopes: 'off' })).toEqual([KEY, ADDRESS]);
    expect(sourcesOf(kind, { toolScopes: 'backend' })).toEqual([KEY, ADDRESS]);
  });

  it('rests on the header that carries the key', () => {
    const options: ProtectionOptions = { toolScopes: 'off', keyHeader: 'x-api-key' };
    expect(sourcesOf(kind, options)).toEqual(['method.request.header.x-api-key', ADDRESS]);
    expect(environmentOf(templateOf(kind, options), 'KeysAuthorizer')['KEY_HEADER']).toBe('x-api-key');
  });

  it('rests on the MCP headers too where they decide', () => {
    expect(sourcesOf(kind, { toolScopes: 'gateway' })).toEqual([KEY, ADDRESS, ...MCP]);
  });

  it('rests on the route too where routes need scopes', () => {
    const scopes = { 'GET /orders': ['orders:read'] };
    expect(sourcesOf(kind, { toolScopes: 'off', scopes })).toEqual([KEY, ADDRESS, ...ROUTE[kind]]);
  });
});

describe('refusals', () => {
  const PATH = {
    rest: '/restapis/<Api[0-9A-F]{8}>/stages/<ApiDeploymentStageprod[0-9A-F]{8}>',
    http: '/apis/<Api[0-9A-F]{8}>/stages/\\$default',
  };

  it.each(KINDS)('may empty the cache of the one stage of a %s API, and know of it', (kind) => {
    const template = templateOf(kind, { toolScopes: 'off' });
    for (const name of ['KeysWorkflowSteps', 'KeysAdmin']) {
      const flushing = statementsOf(template, name).filter(({ actions }) =>
        actions.some((action) => action.startsWith('apigateway:')),
      );
      expect(flushing).toEqual([
        {
          actions: ['apigateway:DELETE'],
          resources: [
            expect.stringMatching(
              `^arn:<AWS::Partition>:apigateway:<AWS::Region>::${PATH[kind]}/cache/authorizers$`,
            ),
          ],
        },
      ]);
      const [stage, ...others] = JSON.parse(plain(environmentOf(template, name)['CACHED_STAGES']));
      expect(others).toEqual([]);
      const { apiId, stage: stageName } = stage;
      expect(stage.kind).toBe(kind);
      expect(`/${kind === 'rest' ? 'restapis' : 'apis'}/${apiId}/stages/${stageName}`).toMatch(
        new RegExp(`^${PATH[kind]}$`),
      );
    }
  });

  it.each(KINDS)('have nothing to empty, and no right to, where a %s API keeps no answers', (kind) => {
    const template = templateOf(kind, { cacheTtl: 'PT0S' });
    for (const name of ['KeysWorkflowSteps', 'KeysAdmin']) {
      expect(environmentOf(template, name)['CACHED_STAGES']).toBe('[]');
      const actions = statementsOf(template, name).flatMap((statement) => statement.actions);
      expect(actions.filter((action) => action.startsWith('apigateway:'))).toEqual([]);
    }
  });
});

describe.each(KINDS)('a cache before tool scopes that the gateway decides, on a %s API', (kind) => {
  const warnings = (options: ProtectionOptions) =>
    Annotations.fromStack(cached(kind, options).stack).findWarning('*', Match.stringLikeRegexp('cacheTtl'));

  it('is warned of, with the mend: API Gateway itself refuses tools/list then', () => {
    const [warning, ...others] = warnings({ cacheTtl: 'PT5M' });
    expect(others).toEqual([]);
    expect(String(warning?.entry.data)).toMatch(/tools\/list.*toolScopes 'backend'.*'Own\/Api'/s);
  });

  it.each<ProtectionOptions>([
    {},
    { cacheTtl: 'PT0S' },
    { cacheTtl: 'PT5M', toolScopes: 'backend' },
    { cacheTtl: 'PT5M', toolScopes: 'off' },
  ])('is no matter with %j', (options) => {
    expect(warnings(options)).toEqual([]);
  });
});
