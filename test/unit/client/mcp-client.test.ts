/** The official MCP client with a transport that holds the key: it moves to a new one in the middle of a session. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import { handler } from '../../../examples/mcp-server/handler.ts';
import { ClientBench } from '../../support/client-bench.ts';
import { API_URL } from '../../support/renewal-gateway.ts';

/** The example server behind the authorizer, as API Gateway hands it over. */
async function withServer(): Promise<ClientBench> {
  const bench = await ClientBench.start();
  bench.gateway.serve = async (request, keyVersion) => {
    const body = await request.text();
    const { statusCode, headers, ...result } = await handler({
      headers: Object.fromEntries(request.headers),
      body: body === '' ? null : body,
      isBase64Encoded: false,
      httpMethod: request.method,
      path: '/mcp',
      requestContext: {
        authorizer: {
          keyId: bench.keyId,
          keyVersion: String(keyVersion),
          keyStatus: 'active',
          owner: 'team@example.com',
          environment: 'live',
          scopes: 'tools:*',
        },
      },
    });
    const empty = statusCode === 202 || statusCode === 204;
    return new Response(empty ? null : result.body, { status: statusCode, headers: headers as HeadersInit });
  };
  return bench;
}

describe.each(['2025-11-25', '2026-07-28'] as const)('an MCP session of %s', (revision) => {
  it('goes on while its key is replaced', async () => {
    const bench = await withServer();
    const holder = bench.holder();
    const client = new Client(
      { name: 'agent', version: '1.0.0' },
      revision === '2026-07-28' ? { versionNegotiation: { mode: { pin: revision } } } : {},
    );
    await client.connect(new StreamableHTTPClientTransport(new URL(API_URL), { fetch: holder.fetch }));
    const whoami = async () => {
      const { content } = await client.callTool({ name: 'whoami', arguments: {} });
      return JSON.stringify(content);
    };
    try {
      expect(await whoami()).toContain(bench.keyId);
      await bench.rotate();
      const fresh = await bench.world.sealedKey(bench.keyId, 2);
      await whoami();
      await bench.ambient.pass(10_000);
      await whoami();
      expect(bench.keysUsed().at(-1)).toBe(fresh);
      expect(bench.events).toEqual([{ type: 'renewed', version: 2 }]);
    } finally {
      await client.close();
    }
  });
});
