/** Which headers carry the key and the tool's name, and which never do. */
import { afterAll, describe, expect, it } from 'vitest';
import { loadAuthorizer, serveKeys } from '../../support/authorizer-bench.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws } from '../../support/fake-aws.ts';
import { httpEvent, restEvent, tokenEvent } from '../../support/gateway-events.ts';
import { active, bearer, deprecating, isAllowed, KNOWN, limited } from './known-keys.ts';

const output = captureOutput();
const aws = await FakeAws.start();
serveKeys(aws, KNOWN);
afterAll(async () => {
  output.restore();
  await aws.stop();
});

describe('tool scopes at the gateway', () => {
  const call = (name: string | readonly string[], key = limited.text) =>
    restEvent({
      ...bearer(key),
      'Mcp-Method': 'tools/call',
      'Mcp-Name': name,
      'MCP-Protocol-Version': '2026-07-28',
    });
  const base64 = (text: string) => `=?base64?${Buffer.from(text).toString('base64')}?=`;

  it.each([
    ['a tool of its own', call('search'), true],
    ['a tool of its own, wrapped in Base64', call(base64('search')), true],
    ['another tool', call('delete'), false],
    ['another tool, wrapped in Base64', call(base64('delete')), false],
    ['two names in one request', call(['search', 'delete']), false],
    ['no headers of MCP 2026-07-28', restEvent(bearer(limited.text)), false],
    ['any tool, with a key for all', call('delete', active.text), true],
  ])('judge %s', async (_what, event, expected) => {
    const handler = await loadAuthorizer(aws, { rules: { toolScopes: 'gateway' } });
    expect(isAllowed(await handler(event))).toBe(expected);
  });
});

describe('the header that carries the key', () => {
  type Headers = Parameters<typeof restEvent>[0];
  const xApiKey = { 'x-api-key': active.text };
  const cases: [string, Headers, string, boolean][] = [
    ['Authorization', bearer(active.text), 'either', true],
    ['x-api-key', xApiKey, 'either', true],
    ['x-api-key in capitals', { 'X-API-KEY': active.text }, 'either', true],
    ['a scheme in small letters', { authorization: `bearer ${active.text}` }, 'either', true],
    ['both with the same key', { ...bearer(active.text), ...xApiKey }, 'either', true],
    ['both with different keys', { ...bearer(deprecating.text), ...xApiKey }, 'either', false],
    ['somebody else’s scheme beside x-api-key', { Authorization: 'Basic eA==', ...xApiKey }, 'either', true],
    ['an empty bearer beside x-api-key', { Authorization: 'Bearer ', ...xApiKey }, 'either', false],
    ['Authorization without a scheme', { Authorization: active.text }, 'either', false],
    [
      'Authorization twice',
      { Authorization: [`Bearer ${active.text}`, `Bearer ${deprecating.text}`] },
      'either',
      false,
    ],
    ['x-api-key twice', { 'x-api-key': [deprecating.text, active.text] }, 'either', false],
    ['the wrong one of the two', xApiKey, 'Authorization', false],
    ['the right one of the two', xApiKey, 'x-api-key', true],
    ['the wrong one of the two, the other way about', bearer(active.text), 'x-api-key', false],
    [
      'the right one, whatever the other says',
      { ...bearer(active.text), 'x-api-key': 'junk' },
      'Authorization',
      true,
    ],
  ];

  it.each(cases)('%s', async (_what, headers, KEY_HEADER, passes) => {
    const handler = await loadAuthorizer(aws, { environment: { KEY_HEADER } });
    for (const event of [restEvent(headers), httpEvent(headers)]) {
      const answer = handler(event).then(isAllowed, (error: Error) => error.message);
      expect(await answer).toBe(passes || 'Unauthorized');
    }
  });

  it('is never the query string', async () => {
    const handler = await loadAuthorizer(aws);
    const query = {
      queryStringParameters: { 'x-api-key': active.text, Authorization: `Bearer ${active.text}` },
      multiValueQueryStringParameters: { 'x-api-key': [active.text] },
    };
    await expect(handler(restEvent({}, query))).rejects.toThrow(/^Unauthorized$/);
    const rawQueryString = `x-api-key=${active.text}`;
    await expect(handler(httpEvent({}, { rawQueryString, ...query }))).rejects.toThrow(/^Unauthorized$/);
  });

  it('is what a TOKEN authorizer is given, by the header it was taken from', async () => {
    const handler = await loadAuthorizer(aws, { environment: { KEY_HEADER: 'x-api-key' } });
    expect(isAllowed(await handler(tokenEvent(active.text)))).toBe(true);
  });
});
