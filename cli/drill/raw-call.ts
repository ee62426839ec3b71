/** One bare MCP request, for what the official client hides: the status and headers of a refusal. */

import type { DrillContext, Endpoint } from './drill-context.ts';
import type { DrillKey } from './drill-key.ts';
import { ECHO_TOOL } from './example-tools.ts';
import { recordingFetch } from './recording-fetch.ts';

/** A `tools/call` of 2025-11-25, which needs no session. @returns the response, its body read */
export async function rawCall(
  drill: DrillContext,
  endpoint: Endpoint,
  key: DrillKey | undefined,
  headers: Record<string, string> = {},
): Promise<Response> {
  drill.checkpoint();
  const fetch = recordingFetch({
    fetch: drill.fetch,
    recorder: drill.recorder,
    now: drill.now,
    caller: 'probe',
    api: endpoint.api,
    key: () => key,
  });
  const response = await fetch(endpoint.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: ECHO_TOOL, arguments: { text: 'drill' } },
    }),
  });
  await response.arrayBuffer();
  return response;
}
