/** Do `Mcp-Method` and `Mcp-Name` say what the body says? (SEP-2243: a server must reject what disagrees.) */
import { decodeMcpHeaderValue, type McpHeaders } from '../lambdas/core/domain/mcp-headers.ts';
import { isJsonObject, type JsonObject } from './request-messages.ts';

/** Which field of `params` the header `Mcp-Name` repeats, by method (SEP-2243, and SEP-2663 for tasks). */
const NAME_FIELDS: ReadonlyMap<unknown, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
]);

/**
 * What disagrees, or undefined. Absent headers disagree with nothing: MCP 2025-11-25 has none.
 * The official server checks this from 2026-07-28 on; here it holds for every revision.
 */
export function disagreement(headers: McpHeaders, messages: readonly JsonObject[]): string | undefined {
  for (const message of messages) {
    if (headers.method !== undefined && headers.method !== message.method) {
      return 'The Mcp-Method header disagrees with the body.';
    }
    const field = NAME_FIELDS.get(message.method);
    if (headers.name === undefined || field === undefined) continue;
    if (decodeMcpHeaderValue(headers.name) !== paramOf(message, field)) {
      return `The Mcp-Name header disagrees with params.${field} of the body.`;
    }
  }
  return undefined;
}

/** A field of `params` if it is a string. */
export function paramOf(message: JsonObject, field: string): string | undefined {
  const value = isJsonObject(message.params) ? message.params[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}
