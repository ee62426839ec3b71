/** The official MCP client, as a client of the drill: one key at a time, every request on record. */
import { Client, StreamableHTTPClientTransport, type Tool } from '@modelcontextprotocol/client';
import type { CallRecord } from './call-recorder.ts';
import type { DrillContext, Endpoint } from './drill-context.ts';
import type { DrillKey } from './drill-key.ts';
import { recordingFetch } from './recording-fetch.ts';

export const PROTOCOLS = ['2025-11-25', '2026-07-28'] as const;
/** The MCP revisions that a server has to serve today. */
export type ProtocolVersion = (typeof PROTOCOLS)[number];

export interface CallerOptions {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly protocol: ProtocolVersion;
  readonly key: () => DrillKey;
}

interface ToolAnswer {
  /** The HTTP exchange that decided it. */
  readonly call: CallRecord;
  /** The text of the result, when there was one. */
  readonly text: string | undefined;
}

export interface McpCaller {
  readonly negotiated: string | undefined;
  listTools(): Promise<readonly Tool[]>;
  callTool(name: string, args: Record<string, unknown>): Promise<ToolAnswer>;
  close(): Promise<void>;
}

export async function connectMcp(drill: DrillContext, options: CallerOptions): Promise<McpCaller> {
  drill.checkpoint();
  let last: CallRecord | undefined;
  const fetch = recordingFetch({
    fetch: drill.fetch,
    recorder: drill.recorder,
    now: drill.now,
    caller: options.name,
    api: options.endpoint.api,
    key: options.key,
    onCall: (call) => {
      last = call;
    },
  });
  const client = new Client(
    { name: 'keyturn-drill', version: '1.0.0' },
    options.protocol === '2025-11-25' ? {} : { versionNegotiation: { mode: { pin: options.protocol } } },
  );
  await client.connect(new StreamableHTTPClientTransport(new URL(options.endpoint.url), { fetch }));
  return {
    negotiated: client.getNegotiatedProtocolVersion(),
    listTools: async () => (await client.listTools()).tools,
    async callTool(name, args) {
      last = undefined;
      try {
        const result = await client.callTool({ name, arguments: args });
        return { call: answered(last), text: result.isError ? undefined : textOf(result.content) };
      } catch (error) {
        // A refusal is an answer here; only a call that never left is an error.
        if (!last) throw error;
        return { call: last, text: undefined };
      }
    },
    close: () => client.close(),
  };
}

function answered(call: CallRecord | undefined): CallRecord {
  if (!call) throw new Error('The MCP client answered without asking the server.');
  return call;
}

const textOf = (content: readonly { readonly type: string }[]): string | undefined =>
  content
    .filter((part): part is { type: 'text'; text: string } => part.type === 'text')
    .map(({ text }) => text)
    .join('\n');
