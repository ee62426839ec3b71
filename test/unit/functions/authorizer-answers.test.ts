/** The authorizer's handler: events as API Gateway sends them in, answers as API Gateway reads them out. */
import { afterAll, describe, expect, it } from 'vitest';
import type { GatewayEvent } from '../../../lambdas/functions/authorizer/request-from-event.ts';
import { loadAuthorizer, serveKeys } from '../../support/authorizer-bench.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws } from '../../support/fake-aws.ts';
import { httpEvent, restEvent, tokenEvent } from '../../support/gateway-events.ts';
import {
  active,
  bearer,
  deprecating,
  EXPIRES_AT_MS,
  elsewhere,
  home,
  isAllowed,
  KNOWN,
  limited,
  ofTest,
  REFUSED,
  unknown,
  wrongSecret,
} from './known-keys.ts';

const REST_ARN = 'arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/POST/mcp';
const HTTP_ARN = 'arn:aws:execute-api:us-east-1:123456789012:f6g7h8i9j0/$default/POST/mcp';

const output = captureOutput();
const aws = await FakeAws.start();
serveKeys(aws, KNOWN);
afterAll(async () => {
  output.restore();
  await aws.stop();
});

describe('an allowed request', () => {
  const context = {
    keyId: active.record.keyId,
    keyVersion: '1',
    keyStatus: 'active',
    owner: 'team@example.com',
    environment: 'live',
    scopes: 'tools:*',
  };
  const policy = (Resource: string) => ({
    principalId: active.record.keyId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource }],
    },
    context,
  });

  it.each([
    ['a REST API', restEvent(bearer(active.text)), REST_ARN],
    ['a REST API behind a TOKEN authorizer', tokenEvent(`Bearer ${active.text}`), tokenEvent('').methodArn],
    ['an HTTP API that wants policies', httpEvent(bearer(active.text)), HTTP_ARN],
  ])('of %s is a policy for what was called, with the identity', async (_api, event, arn) => {
    const handler = await loadAuthorizer(aws);
    expect(await handler(event)).toEqual(policy(arn));
  });

  it('of an HTTP API that wants simple answers is one', async () => {
    const handler = await loadAuthorizer(aws, { environment: { ANSWER: 'simple' } });
    expect(await handler(httpEvent(bearer(active.text)))).toEqual({ isAuthorized: true, context });
  });

  it('of a REST API is a policy whatever form was asked for', async () => {
    const handler = await loadAuthorizer(aws, { environment: { ANSWER: 'simple' } });
    expect(await handler(restEvent(bearer(active.text)))).toEqual(policy(REST_ARN));
  });

  it('holds for every method of the stage where API Gateway keeps it', async () => {
    const handler = await loadAuthorizer(aws, {
      environment: { CACHED: 'yes', KEY_HEADER: 'Authorization' },
    });
    expect(await handler(restEvent(bearer(active.text)))).toEqual(policy(REST_ARN.replace('POST/mcp', '*')));
    expect(await handler(httpEvent(bearer(active.text)))).toEqual(policy(HTTP_ARN.replace('POST/mcp', '*')));
  });

  it('tells when a deprecating version ends, and counts its use before it answers', async () => {
    const handler = await loadAuthorizer(aws, { environment: { FLUSH_SECONDS: '10' } });
    aws.calls.length = 0;
    const answer = (await handler(restEvent(bearer(deprecating.text)))) as {
      context: Record<string, unknown>;
    };
    expect(answer.context).toEqual({
      ...context,
      keyId: deprecating.record.keyId,
      keyStatus: 'deprecating',
      keyExpiresAt: new Date(EXPIRES_AT_MS).toISOString(),
    });
    for (const value of Object.values(answer.context)) expect(value).toBeTypeOf('string');
    const written = JSON.stringify(aws.bodiesOf('UpdateItem'));
    expect(written).toContain('deprecatingRequests');
    expect(written).toContain('203.0.113.7');
    expect(written).toContain('mcp-client/2.4.0');
  });

  it('is decided by one read', async () => {
    const handler = await loadAuthorizer(aws);
    aws.calls.length = 0;
    await handler(restEvent(bearer(active.text)));
    expect(aws.bodiesOf('GetItem')).toHaveLength(1);
    expect(aws.bodiesOf('GetItem')[0]).toMatchObject({ TableName: 'Keys', ConsistentRead: true });
  });

  it('is decided by no read while the key is in memory', async () => {
    const handler = await loadAuthorizer(aws, { environment: { MEMORY_SECONDS: '60' } });
    await handler(restEvent(bearer(active.text)));
    aws.calls.length = 0;
    expect(isAllowed(await handler(restEvent(bearer(active.text))))).toBe(true);
    expect(aws.bodiesOf('GetItem')).toEqual([]);
  });
});

describe('an unauthenticated request', () => {
  const last = active.text.at(-1);
  const mistyped = `${active.text.slice(0, -1)}${last === 'a' ? 'b' : 'a'}`;
  const events: [string, GatewayEvent][] = [
    ['no key', restEvent({})],
    ['no key, on an HTTP API', httpEvent({})],
    ['an empty token', tokenEvent('')],
    ['something that is no key', restEvent(bearer('hello'))],
    ['a key with a typing error', restEvent(bearer(mistyped))],
    ['another scheme', restEvent({ Authorization: 'Basic dXNlcjpwYXNz' })],
    ['a key of another prefix', restEvent(bearer(active.text.replace('mk_', 'ak_')))],
    ['an unknown key', restEvent(bearer(unknown.text))],
    ['a wrong secret', restEvent(bearer(wrongSecret))],
    ...Object.entries(REFUSED).map(([what, { text }]): [string, GatewayEvent] => [
      `a key that is ${what}`,
      restEvent(bearer(text)),
    ]),
  ];

  it.each(events)('with %s throws this one word, whatever the reason', async (_what, event) => {
    const handler = await loadAuthorizer(aws);
    await expect(handler(event)).rejects.toEqual(new Error('Unauthorized'));
  });

  it('with a key of an environment that the API does not serve is one too', async () => {
    const handler = await loadAuthorizer(aws, { rules: { environments: ['live'] } });
    await expect(handler(restEvent(bearer(ofTest.text)))).rejects.toEqual(new Error('Unauthorized'));
    expect(isAllowed(await handler(restEvent(bearer(active.text))))).toBe(true);
  });

  it('costs no read when the key is malformed', async () => {
    const handler = await loadAuthorizer(aws);
    aws.calls.length = 0;
    await expect(handler(restEvent(bearer('mk_live_nothing')))).rejects.toThrow();
    await expect(handler(restEvent({}))).rejects.toThrow();
    expect(aws.calls).toEqual([]);
  });
});

describe('a forbidden request', () => {
  it('says why and what is missing, as the challenge of a 403', async () => {
    const handler = await loadAuthorizer(aws, { rules: { routeScopes: { 'POST /mcp': ['orders:write'] } } });
    expect(await handler(restEvent(bearer(limited.text)))).toEqual({
      principalId: limited.record.keyId,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Deny', Resource: REST_ARN }],
      },
      context: {
        keyId: limited.record.keyId,
        error: 'insufficient_scope',
        message: 'This key lacks the scope orders:write.',
        challenge:
          'Bearer error="insufficient_scope", scope="orders:write", error_description="This key lacks the scope orders:write."',
      },
    });
  });

  it('of an HTTP API is a plain no', async () => {
    const handler = await loadAuthorizer(aws, {
      rules: { routeScopes: { 'ANY /mcp': ['orders:write'] } },
      environment: { ANSWER: 'simple' },
    });
    expect(await handler(httpEvent(bearer(limited.text)))).toMatchObject({ isAuthorized: false });
  });

  it('comes from an address outside the allow list', async () => {
    const handler = await loadAuthorizer(aws);
    const answer = await handler(restEvent(bearer(elsewhere.text)));
    expect(isAllowed(answer)).toBe(false);
    expect(answer).toMatchObject({
      context: { error: 'access_denied', message: 'This key may not be used from this address.' },
    });
    expect(isAllowed(await handler(restEvent(bearer(home.text))))).toBe(true);
    expect(await handler(httpEvent(bearer(elsewhere.text)))).toMatchObject({
      context: { error: 'access_denied' },
    });
  });

  it('has an address that a TOKEN authorizer never sees', async () => {
    const handler = await loadAuthorizer(aws, { environment: { KEY_HEADER: 'Authorization' } });
    expect(isAllowed(await handler(tokenEvent(`Bearer ${home.text}`)))).toBe(false);
  });

  it('has a challenge and a body that nothing can break out of', async () => {
    const handler = await loadAuthorizer(aws, { rules: { toolScopes: 'gateway' } });
    const answer = (await handler(
      restEvent({
        ...bearer(limited.text),
        'Mcp-Method': 'tools/call',
        'Mcp-Name': 'a", error="b\\',
        'MCP-Protocol-Version': '2026-07-28',
      }),
    )) as { context: { challenge: string; message: string } };
    expect(answer.context.message).not.toMatch(/["\\]/);
    expect(answer.context.challenge).toMatch(
      /^Bearer error="[^"\\]+", scope="[^"\\]+", error_description="[^"\\]+"$/,
    );
  });
});

describe('the rotation machine’s question', () => {
  const asked = (text: string) => ({ type: 'KEYTURN_VERIFICATION' as const, key: text });

  it.each(['pending', 'retired'] as const)(
    'is answered with the version, even when it is %s',
    async (status) => {
      const handler = await loadAuthorizer(aws);
      const { record, text } = REFUSED[status];
      expect(await handler(asked(text))).toEqual({ recognized: { keyId: record.keyId, version: 1, status } });
    },
  );

  it.each([
    ['unknown', unknown.text],
    ['wrong-secret', wrongSecret],
    ['malformed', 'hello'],
  ])('is answered with the reason: %s', async (refused, text) => {
    const handler = await loadAuthorizer(aws);
    expect(await handler(asked(text))).toEqual({ refused });
  });
});
