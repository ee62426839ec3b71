import { parseItem, Token } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import { type KeyContext, keyStatusHeader, withKeyStatus } from '../../../server/index.ts';

const ACTIVE: KeyContext = {
  keyId: 'abcdefghijkl',
  keyVersion: 3,
  keyStatus: 'active',
  owner: 'team@example.com',
  environment: 'live',
  scopes: [],
};
const OLD: KeyContext = { ...ACTIVE, keyStatus: 'deprecating', keyExpiresAt: '2026-11-23T09:00:02.900Z' };
const VALUE = 'deprecating; version=3; expires=@1795424402';

describe('keyStatusHeader', () => {
  it('warns while the version is deprecating, and only then', () => {
    expect(keyStatusHeader(OLD)).toEqual({ name: 'Api-Key-Status', value: VALUE });
    expect(keyStatusHeader(ACTIVE)).toBeUndefined();
  });

  it('is an RFC 9651 Item: a token with an Integer and a Date', () => {
    const [item, parameters] = parseItem(keyStatusHeader(OLD)?.value ?? '');
    expect(item).toEqual(new Token('deprecating'));
    expect([...parameters]).toEqual([
      ['version', 3],
      ['expires', new Date('2026-11-23T09:00:02.000Z')],
    ]);
  });

  it('leaves out an end that is not known', () => {
    const { keyExpiresAt: _unknown, ...endless } = OLD;
    expect(keyStatusHeader(endless)?.value).toBe('deprecating; version=3');
  });
});

describe('withKeyStatus', () => {
  it('adds the header to a copy of a proxy result, in place of one that is there', () => {
    const result = {
      statusCode: 200,
      headers: { 'content-type': 'text/plain', 'api-key-status': 'old' },
      body: 'x',
    };
    const warned = withKeyStatus(result, OLD);
    expect(warned).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'text/plain', 'Api-Key-Status': VALUE },
      body: 'x',
    });
    expect(result.headers['api-key-status']).toBe('old');
  });

  it('adds it to a proxy result without headers', () => {
    expect(withKeyStatus({ statusCode: 204 }, OLD)).toEqual({
      statusCode: 204,
      headers: { 'Api-Key-Status': VALUE },
    });
  });

  it('adds it to a copy of a web response', async () => {
    const response = new Response('body', {
      status: 403,
      statusText: 'Forbidden',
      headers: { 'x-own': '1' },
    });
    const warned = withKeyStatus(response, OLD);
    expect([warned.status, warned.statusText, await warned.text()]).toEqual([403, 'Forbidden', 'body']);
    expect(Object.fromEntries(warned.headers)).toMatchObject({ 'x-own': '1', 'api-key-status': VALUE });
    expect(withKeyStatus(new Response(null, { status: 202 }), OLD).headers.get('api-key-status')).toBe(VALUE);
  });

  it('returns the response itself while the version is active', () => {
    const [result, response] = [{ statusCode: 200 }, new Response()];
    expect(withKeyStatus(result, ACTIVE)).toBe(result);
    expect(withKeyStatus(response, ACTIVE)).toBe(response);
  });
});
