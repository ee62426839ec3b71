/** May this request reach an MCP tool, as far as its headers tell? An authorizer never sees a body. */

import { grants, toolScope } from '../../../rules/scopes.ts';
import type { ToolScopesMode } from '../../../rules/words.ts';
import {
  decodeMcpHeaderValue,
  FIRST_REVISION_WITH_HEADERS,
  hasCheckedHeaders,
  type McpHeaders,
  stripOptionalWhitespace,
} from './mcp-headers.ts';

export interface ToolRequest extends McpHeaders {
  readonly scopes: readonly string[];
  readonly mode: ToolScopesMode;
}

/**
 * `message` and `requiredScope` are printable ASCII without `"` and `\`: a gateway response puts them unescaped into
 * JSON and into `WWW-Authenticate`, whose `error_description` allows nothing else (RFC 6750 §3).
 */
export type ToolAccess =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly requiredScope: string; readonly message: string };

const ALLOWED: ToolAccess = { allowed: true };
const LIMITED = 'This key may call only some tools';
const MEND = `Use a client that speaks MCP ${FIRST_REVISION_WITH_HEADERS}, or protect the API with toolScopes 'backend', or with 'off' if it is no MCP server.`;

/**
 * A key with `tools:*` may send anything. Every other key is limited: its headers must say what it calls, and must come
 * with a protocol version under which the server holds them against the body, or a client could lie in them.
 */
export function judgeToolAccessFromHeaders(request: ToolRequest): ToolAccess {
  if (request.mode !== 'gateway' || grants(request.scopes, 'tools:*')) return ALLOWED;
  const method = stripOptionalWhitespace(request.method ?? '');
  if (method === '') {
    return refusedWithout(
      `${LIMITED}, and this request has no Mcp-Method header to judge by: most clients speak MCP 2025-11-25, which has none. ${MEND}`,
    );
  }
  if (!hasCheckedHeaders(request.protocolVersion)) {
    return refusedWithout(
      `${LIMITED}, and servers hold Mcp-Method against the body only from MCP-Protocol-Version ${FIRST_REVISION_WITH_HEADERS} on, which this request does not name. ${MEND}`,
    );
  }
  // A repeated header arrives joined by a comma. Which of the two a backend believes is not known here.
  if (method.includes(','))
    return refusedWithout(`${LIMITED}, and this request names more than one Mcp-Method.`);
  return method === 'tools/call' ? judgeCall(request) : ALLOWED;
}

function judgeCall({ name, scopes }: ToolRequest): ToolAccess {
  const toolName = name === undefined ? undefined : decodeMcpHeaderValue(name);
  if (!toolName) {
    return refusedWithout(`${LIMITED}, and this tools/call has no Mcp-Name header that can be read.`);
  }
  const requiredScope = toolScope(toolName);
  if (grants(scopes, requiredScope)) return ALLOWED;
  const message =
    requiredScope === 'tools:*'
      ? 'This key may not call this tool: its name fits no scope word, so the call needs the scope tools:*.'
      : `This key may not call the tool ${toolName}: the call needs the scope ${requiredScope}.`;
  return { allowed: false, requiredScope, message };
}

const refusedWithout = (message: string): ToolAccess => ({
  allowed: false,
  requiredScope: 'tools:*',
  message,
});
