/** One MCP request, stateless, in either protocol revision, answered as plain JSON. */
import {
  createMcpHandler,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { KeyContext } from 'keyturn/server';
import { mcpServerFor } from './tools.ts';

/** @param parsedBody what `checkToolScopes` judged, so that nothing else is acted on; undefined without a body */
export async function serveMcp(request: Request, parsedBody: unknown, key: KeyContext): Promise<Response> {
  if (request.method === 'POST' && (await isLegacyRequest(request, parsedBody))) {
    return serve2025(request, parsedBody, key);
  }
  const handler = createMcpHandler(() => mcpServerFor(key), {
    // Also answers GET and DELETE, which only servers that keep state can serve, with 405.
    legacy: 'reject',
    // A subscription is a stream without an end; a buffered Lambda would sit in it until its time-out.
    maxSubscriptions: 0,
  });
  return handler.fetch(request, { parsedBody });
}

/** The library's own 2025-11-25 serving answers as an event stream, which a buffered proxy only makes harder to read. */
async function serve2025(request: Request, parsedBody: unknown, key: KeyContext): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  const server = mcpServerFor(key);
  await server.connect(transport);
  try {
    return await transport.handleRequest(request, { parsedBody });
  } finally {
    await server.close();
  }
}
