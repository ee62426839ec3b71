import { describe, expect, it } from 'vitest';
import { type AuthorizedEvent, KeyContextError, keyContext } from '../../../server/index.ts';
import { DEPRECATING, httpEvent, REST_CONTEXT, restEvent } from './events.ts';

const EXPECTED = {
  keyId: 'abcdefghijkl',
  keyVersion: 3,
  keyStatus: 'active',
  owner: 'team@example.com',
  environment: 'live',
  scopes: ['tools:echo', 'orders:*'],
};

function errorOf(event: AuthorizedEvent): unknown {
  try {
    return keyContext(event);
  } catch (error) {
    return error;
  }
}

describe('keyContext', () => {
  it('reads the strings of a REST API and the values of an HTTP API alike', () => {
    expect(keyContext(restEvent())).toEqual(EXPECTED);
    expect(keyContext(httpEvent())).toEqual(EXPECTED);
  });

  it('reads when a deprecating version ends', () => {
    const context = keyContext(restEvent({ authorizer: { ...REST_CONTEXT, ...DEPRECATING } }));
    expect(context).toEqual({ ...EXPECTED, ...DEPRECATING });
    expect(keyContext(httpEvent({ authorizer: DEPRECATING }))).toEqual(context);
  });

  it.each([undefined, '', '  '])('takes scopes %j as none', (scopes) => {
    expect(keyContext(restEvent({ authorizer: { ...REST_CONTEXT, scopes } })).scopes).toEqual([]);
  });

  it.each<[string, AuthorizedEvent]>([
    ['an event without a request context', {}],
    ['a route without an authorizer', restEvent({ authorizer: undefined })],
    ['a Cognito authorizer', restEvent({ authorizer: { claims: { sub: 'x' } } })],
    ['a JWT authorizer', { requestContext: { authorizer: { jwt: { claims: {} } } } }],
    ['an authorizer that is no object', { requestContext: { authorizer: 'abcdefghijkl' } }],
  ])('fails closed on %s', (_case, event) => {
    expect(errorOf(event)).toMatchObject({
      name: 'KeyContextError',
      code: 'KEY_CONTEXT_MISSING',
      retryable: false,
      message: expect.stringContaining('protectRestApi'),
    });
  });

  it.each<[string, unknown]>([
    ['keyVersion', undefined],
    ['keyVersion', '0'],
    ['keyVersion', '1.5'],
    ['keyVersion', 'three'],
    ['keyStatus', 'retired'],
    ['keyStatus', undefined],
    ['owner', ''],
    ['owner', undefined],
    ['environment', 'prod'],
    ['keyExpiresAt', 'soon'],
    ['keyId', 7],
  ])('fails closed on %s %j', (field, value) => {
    const error = errorOf(restEvent({ authorizer: { ...REST_CONTEXT, [field]: value } }));
    expect(error).toBeInstanceOf(KeyContextError);
    expect(error).toMatchObject({
      code: 'KEY_CONTEXT_INVALID',
      message: expect.stringContaining(` has ${field} `),
    });
  });
});
