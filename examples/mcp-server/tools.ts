/** The example's tools. Register your own the same way. */
import { McpServer } from '@modelcontextprotocol/server';
import type { KeyContext } from 'keyturn/server';
import * as z from 'zod';

const MS_A_DAY = 86_400_000;

/** A server for one request of the caller with this key. */
export function mcpServerFor(key: KeyContext): McpServer {
  const server = new McpServer(
    { name: 'keyturn-example', version: '1.0.0' },
    // There is no stream on which a change of the list could be told.
    { capabilities: { tools: { listChanged: false } } },
  );
  addEcho(server);
  addDaysBetween(server);
  addWhoami(server, key);
  return server;
}

function addEcho(server: McpServer): void {
  const inputSchema = z.object({ text: z.string().max(10_000) });
  server.registerTool('echo', { description: 'Returns the text it was given.', inputSchema }, ({ text }) => ({
    content: [{ type: 'text', text }],
  }));
}

function addDaysBetween(server: McpServer): void {
  const inputSchema = z.object({ from: z.iso.date(), to: z.iso.date() });
  const outputSchema = z.object({ days: z.number().int() });
  const description = 'Counts the days from one calendar date to another; negative if the second is earlier.';
  server.registerTool('days-between', { description, inputSchema, outputSchema }, ({ from, to }) =>
    structured({ days: (Date.parse(to) - Date.parse(from)) / MS_A_DAY }),
  );
}

function addWhoami(server: McpServer, key: KeyContext): void {
  const outputSchema = z.object({
    keyId: z.string(),
    keyVersion: z.number().int(),
    keyStatus: z.enum(['active', 'deprecating']),
    keyExpiresAt: z.string().optional(),
    environment: z.enum(['live', 'test']),
    scopes: z.array(z.string()),
  });
  const description = 'Tells which API key this request came with, and whether its version is about to end.';
  const { owner: _personal, ...shown } = key;
  server.registerTool('whoami', { description, outputSchema }, () =>
    structured({ ...shown, scopes: [...key.scopes] }),
  );
}

/** The same as text, for clients that read no structured content. */
const structured = <Value extends Record<string, unknown>>(value: Value) => ({
  content: [{ type: 'text' as const, text: JSON.stringify(value) }],
  structuredContent: value,
});
