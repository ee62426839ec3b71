/** Which tools a key may call, judged from the body: for APIs protected with `toolScopes: 'backend'`. */
import { type HeaderBag, readMcpHeaders } from '../lambdas/core/domain/mcp-headers.ts';
import { grants, toolScope } from '../rules/scopes.ts';
import { disagreement, paramOf } from './header-agreement.ts';
import { type JsonObject, readMessages } from './request-messages.ts';

export interface ToolScopesRequest {
  /** A web `Headers`, or the proxy event's headers. */
  readonly headers: Headers | HeaderBag | null | undefined;
  /** The proxy event's, where it has them: they show a header that was sent twice. */
  readonly multiValueHeaders?: HeaderBag | null | undefined;
  /** The request body as it came. */
  readonly body?: string | null | undefined;
  /** The proxy event's flag of the same name. */
  readonly isBase64Encoded?: boolean | undefined;
  /** Of `keyContext`. */
  readonly scopes: readonly string[];
}

/** Answer a refused request with its status and this body. */
export interface JsonRpcError {
  readonly jsonrpc: '2.0';
  readonly id: string | number | null;
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly data?: { readonly requiredScope: string };
  };
}

export type ToolScopesVerdict =
  /** Hand on `parsedBody` (undefined if there is no body), so that the server acts on exactly what was judged. */
  | { readonly allowed: true; readonly parsedBody: unknown }
  | {
      readonly allowed: false;
      /** 403: a scope is missing. 400: not JSON-RPC, or headers and body disagree. */
      readonly status: 403 | 400;
      readonly message: string;
      readonly requiredScope?: string;
      readonly jsonRpcError: JsonRpcError;
    };

/** The official server's code for its own refusals over HTTP. */
const REFUSED = -32_000;
const HEADER_MISMATCH = -32_020;

/**
 * Decides from the JSON-RPC body, a message or a batch: each `tools/call` needs `tools:<params.name>`, all else passes.
 * A batch is refused whole. Never throws. For a Lambda proxy event: `checkToolScopes({ ...event, scopes })`.
 */
export function checkToolScopes(request: ToolScopesRequest): ToolScopesVerdict {
  const read = readMessages(request.body, request.isBase64Encoded ?? false);
  if (!read.ok) return refusal(400, read.code, read.message, []);
  const headers = request.headers instanceof Headers ? Object.fromEntries(request.headers) : request.headers;
  const mcpHeaders = readMcpHeaders(headers, request.multiValueHeaders);
  const mismatch = disagreement(mcpHeaders, read.messages);
  if (mismatch !== undefined) return refusal(400, HEADER_MISMATCH, mismatch, read.messages);
  for (const message of read.messages) {
    const requiredScope = scopeFor(message);
    if (requiredScope === undefined || grants(request.scopes, requiredScope)) continue;
    return refusal(403, REFUSED, `This key lacks the scope ${requiredScope}.`, read.messages, requiredScope);
  }
  return { allowed: true, parsedBody: read.parsedBody };
}

/** Also for a `tools/call` without an id: a server that ran it would not be held up by the missing answer. */
function scopeFor(message: JsonObject): string | undefined {
  return message.method === 'tools/call' ? toolScope(paramOf(message, 'name') ?? '') : undefined;
}

function refusal(
  status: 403 | 400,
  code: number,
  message: string,
  messages: readonly JsonObject[],
  requiredScope?: string,
): ToolScopesVerdict {
  const data = requiredScope === undefined ? {} : { data: { requiredScope } };
  return {
    allowed: false,
    status,
    message,
    ...(requiredScope !== undefined && { requiredScope }),
    jsonRpcError: { jsonrpc: '2.0', id: answeredId(messages), error: { code, message, ...data } },
  };
}

/** A refused batch is answered by one error, which then belongs to no message of it. */
function answeredId([first, ...others]: readonly JsonObject[]): string | number | null {
  const id = others.length === 0 ? first?.id : undefined;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}
