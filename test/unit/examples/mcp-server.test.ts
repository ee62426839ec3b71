import { readFileSync, rmSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client, SdkHttpError, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { build } from 'esbuild';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { handler } from '../../../examples/mcp-server/handler.ts';
import { toRequest } from '../../../examples/mcp-server/proxy-event.ts';
import { DEPRECATING, httpEvent, REST_CONTEXT, restEvent } from '../server/events.ts';

const ENTRY = 'examples/mcp-server/handler.ts';
const LARGEST_BUNDLE_BYTES = 600_000;
const WARNING = 'deprecating; version=3; expires=@1795395602';
const WHOAMI = {
  keyId: 'abcdefghijkl',
  keyVersion: 3,
  keyStatus: 'active',
  environment: 'live',
  scopes: ['tools:echo', 'tools:whoami', 'tools:days-between'],
};

type Wanted = NonNullable<Parameters<typeof restEvent>[0]>;
type ToEvent = (wanted: Wanted) => Parameters<typeof handler>[0];

const context = (more: object = {}) => ({ ...REST_CONTEXT, scopes: WHOAMI.scopes.join(' '), ...more });
const EVENTS: [string, ToEvent][] = [
  ['a REST API', restEvent],
  ['an HTTP API', httpEvent],
];
const REVISIONS: [string, 'legacy' | { pin: string }][] = [
  ['2025-11-25', 'legacy'],
  ['2026-07-28', { pin: '2026-07-28' }],
];

/** The official client on the handler, through API Gateway's event and back. */
async function connect(
  toEvent: ToEvent,
  mode: 'legacy' | { pin: string },
  authorizer: Wanted['authorizer'] = context(),
) {
  const warnings: (string | null)[] = [];
  const fetchHandler = async (url: string | URL, init: RequestInit = {}) => {
    const event = toEvent({
      method: init.method ?? 'GET',
      path: new URL(url).pathname,
      headers: Object.fromEntries(new Headers(init.headers)),
      body: (init.body as string | undefined) ?? null,
      authorizer,
    });
    const { statusCode, headers, body } = await handler(event);
    const response = new Response(body === '' ? null : body, { status: statusCode, headers });
    warnings.push(response.headers.get('api-key-status'));
    return response;
  };
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(
    new StreamableHTTPClientTransport(new URL('https://api.test/mcp'), { fetch: fetchHandler }),
  );
  return { client, warnings };
}

describe.each(EVENTS)('the official client through %s', (_api, toEvent) => {
  it.each(REVISIONS)('lists and calls the tools in MCP %s', async (revision, mode) => {
    const { client, warnings } = await connect(toEvent, mode);
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(['echo', 'days-between', 'whoami']);
    const echo = await client.callTool({ name: 'echo', arguments: { text: 'Grüße' } });
    expect(echo.content).toEqual([{ type: 'text', text: 'Grüße' }]);
    const days = await client.callTool({
      name: 'days-between',
      arguments: { from: '2026-02-27', to: '2026-03-01' },
    });
    expect(days.structuredContent).toEqual({ days: 2 });
    const whoami = await client.callTool({ name: 'whoami' });
    expect(whoami.structuredContent).toEqual(WHOAMI);
    expect(warnings).not.toContainEqual(expect.any(String));
    await client.close();
  });

  it.each(REVISIONS)(
    'is warned on every response in MCP %s while its version is deprecating',
    async (_revision, mode) => {
      const { client, warnings } = await connect(toEvent, mode, context(DEPRECATING));
      const whoami = await client.callTool({ name: 'whoami' });
      expect(whoami.structuredContent).toEqual({ ...WHOAMI, ...DEPRECATING });
      expect(new Set(warnings)).toEqual(new Set([WARNING]));
      await client.close();
    },
  );

  it.each(REVISIONS)('is refused a tool it has no scope for in MCP %s', async (_revision, mode) => {
    const { client } = await connect(toEvent, mode, context({ ...DEPRECATING, scopes: 'tools:echo' }));
    expect((await client.callTool({ name: 'echo', arguments: { text: 'x' } })).content).toHaveLength(1);
    const refusal = await client.callTool({ name: 'whoami' }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SdkHttpError);
    expect(refusal).toMatchObject({
      status: 403,
      data: { text: expect.stringContaining('"requiredScope":"tools:whoami"') },
    });
    await client.close();
  });
});

const rpc = (method: string, params: object = {}) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
const OLD = { authorizer: context({ ...DEPRECATING, scopes: 'tools:echo' }) };

describe.each(EVENTS)('the handler behind %s', (_api, toEvent) => {
  afterEach(() => vi.restoreAllMocks());

  it.each<[string, number, Wanted]>([
    ['a call', 200, { body: rpc('tools/call', { name: 'echo', arguments: { text: 'x' } }) }],
    [
      'a notification',
      202,
      { body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }) },
    ],
    ['no JSON', 400, { body: '{' }],
    ['an empty body', 400, { body: null }],
    [
      'headers that disagree',
      400,
      { body: rpc('tools/call', { name: 'echo' }), headers: { 'Mcp-Method': 'tools/list' } },
    ],
    ['a missing scope', 403, { body: rpc('tools/call', { name: 'whoami' }) }],
    ['GET', 405, { method: 'GET' }],
    ['DELETE', 405, { method: 'DELETE' }],
    ['another content type', 415, { body: rpc('ping'), headers: { 'Content-Type': 'text/plain' } }],
  ])('answers %s with %i, the warning and no WWW-Authenticate', async (_case, status, wanted) => {
    const result = await handler(toEvent({ ...OLD, ...wanted }));
    expect(result).toMatchObject({ statusCode: status, headers: { 'Api-Key-Status': WARNING } });
    expect(Object.keys(result.headers).map((name) => name.toLowerCase())).not.toContain('www-authenticate');
    if (status !== 202) expect(JSON.parse(result.body)).toMatchObject({ jsonrpc: '2.0' });
  });

  it('answers a batch of 2025-11-25 and a Base64 body', async () => {
    const batch = [1, 2].map((id) => ({ jsonrpc: '2.0', id, method: 'ping' }));
    const body = Buffer.from(JSON.stringify(batch)).toString('base64');
    const { statusCode, body: answer } = await handler(toEvent({ body, isBase64Encoded: true }));
    expect([statusCode, JSON.parse(answer)]).toEqual([
      200,
      batch.map(({ id }) => ({ jsonrpc: '2.0', id, result: {} })),
    ]);
  });

  it.each([
    '/.well-known/oauth-protected-resource/mcp',
    '/.well-known/oauth-authorization-server',
    '/mcp/.well-known/mcp',
    '/',
  ])('has nothing at %s, also without an authorizer', async (path) => {
    const result = await handler(toEvent({ method: 'GET', path, authorizer: undefined }));
    expect(result).toEqual({
      statusCode: 404,
      headers: { 'content-type': 'application/json' },
      body: '{"message":"Not found"}',
    });
  });

  it('refuses a subscription at once, since a stream would never end', async () => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const headers = { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': 'subscriptions/listen' };
    const body = rpc('subscriptions/listen', { notifications: { toolsListChanged: true }, _meta });
    const result = await handler(toEvent({ headers, body }));
    expect(JSON.parse(result.body)).toMatchObject({
      id: 1,
      error: { message: 'Subscription limit reached' },
    });
  });
});

describe('toRequest', () => {
  it.each(EVENTS)('takes method and headers of %s along, but not the key', (_api, toEvent) => {
    const request = toRequest(
      toEvent({ method: 'DELETE', headers: { 'X-Api-Key': 'mk_live_secret', 'X-Own': '1' } }),
    );
    expect([request.method, request.headers.get('x-own')]).toEqual(['DELETE', '1']);
    expect(JSON.stringify([...request.headers])).not.toContain('mk_live');
  });

  it('keeps every value of a repeated header of a REST API', () => {
    const event = restEvent({ headers: { 'Mcp-Method': 'tools/list' } });
    event.multiValueHeaders['Mcp-Method'] = ['tools/call', 'tools/list'];
    expect(toRequest(event).headers.get('mcp-method')).toBe('tools/call, tools/list');
    expect(toRequest({ ...event, multiValueHeaders: null }).headers.get('mcp-method')).toBe('tools/list');
  });
});

it('answers 500 and calls nothing where no authorizer stands before the route, with no key in the log', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue();
  const result = await handler(
    restEvent({ authorizer: undefined, body: rpc('tools/call', { name: 'echo' }) }),
  );
  expect(result).toMatchObject({ statusCode: 500, body: '{"message":"This API is not set up correctly."}' });
  expect(log.mock.calls.flat().join()).toContain('KEY_CONTEXT_MISSING');
  expect(log.mock.calls.flat().join()).not.toContain('mk_live');
  vi.restoreAllMocks();
});

it('works as one minified file, bundled as for Lambda', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-server-'));
  try {
    const outfile = join(folder, 'index.mjs');
    await build({
      entryPoints: [ENTRY],
      outfile,
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
    });
    expect(statSync(outfile).size).toBeLessThan(LARGEST_BUNDLE_BYTES);
    expect(readFileSync(outfile, 'utf8')).not.toContain('@aws-sdk');
    const bundle = (await import(pathToFileURL(outfile).href)) as { handler: typeof handler };
    const result = await bundle.handler(
      restEvent({
        body: rpc('tools/call', { name: 'echo', arguments: { text: 'x' } }),
        authorizer: context(),
      }),
    );
    expect(JSON.parse(result.body)).toMatchObject({ id: 1, result: { content: [{ text: 'x' }] } });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
