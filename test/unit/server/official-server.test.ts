/**
 * Neither judge is looser than the official server: whatever request is sent, a key limited to one tool never gets
 * another one to run. Requests are drawn from everything the server tells apart.
 */
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readMcpHeaders } from '../../../lambdas/core/domain/mcp-headers.ts';
import { judgeToolAccessFromHeaders } from '../../../lambdas/core/domain/tool-access.ts';
import { checkToolScopes } from '../../../server/index.ts';

const SCOPES = ['tools:granted'];
const MODERN = '2026-07-28';

const envelope = (version: string) => ({
  'io.modelcontextprotocol/protocolVersion': version,
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
});

/** Mostly what belongs there, sometimes one of the others: most requests come near to one that works. */
const mostly = <Value>(usual: Value, ...others: Value[]) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

const TOOLS = fc.constantFrom('granted', 'secret');

const messageOf = (modern: boolean) =>
  fc
    .record({
      jsonrpc: fc.constant('2.0'),
      id: mostly<unknown>(1, 'a', undefined),
      method: mostly('tools/call', 'tools/list', 'ping', 'Tools/Call'),
      params: fc.record({
        name: fc.oneof({ weight: 9, arbitrary: TOOLS }, fc.constantFrom(undefined, ['secret'])),
        arguments: fc.constant({}),
        _meta: mostly<unknown>(
          modern ? envelope(MODERN) : undefined,
          modern ? undefined : envelope(MODERN),
          envelope('2025-11-25'),
          envelope('2027-01-01'),
          { 'io.modelcontextprotocol/protocolVersion': MODERN },
        ),
      }),
    })
    .chain((message) => {
      const text = JSON.stringify(message);
      return mostly(text, text.replace('"name":', '"name":"granted","name":'));
    });

const bodyOf = (modern: boolean) =>
  fc.oneof(
    { weight: 3, arbitrary: messageOf(modern) },
    {
      weight: 1,
      arbitrary: fc.array(messageOf(modern), { minLength: 1, maxLength: 3 }).map((all) => `[${all}]`),
    },
  );

const headersOf = (modern: boolean) =>
  fc
    .record({
      'MCP-Protocol-Version': modern
        ? mostly<string | undefined>(
            MODERN,
            ` ${MODERN} `,
            '2025-11-25',
            '2027-01-01',
            `${MODERN}, 2025-11-25`,
            undefined,
          )
        : mostly<string | undefined>('2025-11-25', undefined, MODERN),
      'Mcp-Method': modern
        ? mostly<string | undefined>(
            'tools/call',
            'tools/list',
            ' tools/call',
            'tools/list, tools/call',
            'ping',
            undefined,
          )
        : mostly<string | undefined>(undefined, 'tools/call', 'tools/list'),
      'Mcp-Name': TOOLS.chain((tool) => {
        const wrapped = `=?base64?${btoa(tool)}?=`;
        return modern
          ? mostly<string | undefined>(tool, wrapped, ` ${tool}`, 'granted, secret', undefined)
          : mostly<string | undefined>(undefined, tool, wrapped);
      }),
    })
    .map((all) => {
      const sent = Object.entries(all).filter(([, value]) => value !== undefined);
      return Object.fromEntries(sent) as Record<string, string>;
    });

const request = fc.boolean().chain((modern) => fc.tuple(headersOf(modern), bodyOf(modern)));

/** The tools that the official server ran for this request. */
async function toolsRun(
  requestHeaders: Record<string, string>,
  text: string,
  parsedBody?: unknown,
): Promise<string[]> {
  const run: string[] = [];
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'official', version: '1' });
    for (const name of ['granted', 'secret']) {
      server.registerTool(name, { inputSchema: z.object({}) }, () => {
        run.push(name);
        return { content: [] };
      });
    }
    return server;
  });
  const web = new Request('https://mcp.invalid/mcp', {
    method: 'POST',
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...requestHeaders,
    },
    body: text,
  });
  const response = await handler.fetch(web, parsedBody === undefined ? {} : { parsedBody });
  await response.text();
  return run;
}

describe('a key limited to one tool gets no other to run', () => {
  it("judged by the gateway from the headers (toolScopes 'gateway')", async () => {
    let granted = 0;
    await fc.assert(
      fc.asyncProperty(request, async ([sent, text]) => {
        const access = judgeToolAccessFromHeaders({
          scopes: SCOPES,
          mode: 'gateway',
          ...readMcpHeaders(sent),
        });
        if (!access.allowed) return;
        const run = await toolsRun(sent, text);
        expect(run).not.toContain('secret');
        granted += run.length;
      }),
      { numRuns: 3_000 },
    );
    expect(granted).toBeGreaterThan(20);
  });

  it("judged by the backend from the body (toolScopes 'backend')", async () => {
    let granted = 0;
    await fc.assert(
      fc.asyncProperty(request, async ([sent, text]) => {
        const verdict = checkToolScopes({ headers: sent, body: text, scopes: SCOPES });
        if (!verdict.allowed) return;
        const run = await toolsRun(sent, text, verdict.parsedBody);
        expect(run).not.toContain('secret');
        granted += run.length;
      }),
      { numRuns: 3_000 },
    );
    expect(granted).toBeGreaterThan(20);
  });

  it('though unjudged such requests do run it, in both revisions', async () => {
    const text = (_meta?: unknown) =>
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'secret', arguments: {}, _meta },
      });
    const modern = { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': 'tools/call', 'Mcp-Name': 'secret' };
    expect(await toolsRun(modern, text(envelope(MODERN)))).toEqual(['secret']);
    expect(await toolsRun({}, text())).toEqual(['secret']);
  });
});
