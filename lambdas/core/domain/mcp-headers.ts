/**
 * The request headers of MCP 2026-07-28 (SEP-2243): `Mcp-Method`, `Mcp-Name`, `MCP-Protocol-Version`.
 * Read exactly as the official server reads them, or more strictly.
 */

/** From this revision on a server checks the headers against the body. Revisions are dates, so they compare as text. */
export const FIRST_REVISION_WITH_HEADERS = '2026-07-28';

/** Headers as Lambda events carry them: one value, or all values of a repeated header. */
export type HeaderBag = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface McpHeaders {
  readonly method: string | undefined;
  readonly name: string | undefined;
  readonly protocolVersion: string | undefined;
}

const REVISION = /^\d{4}-\d{2}-\d{2}$/;
const WRAP_START = '=?base64?';
const WRAP_END = '?=';

/**
 * The three headers of one request.
 *
 * @param headers the event's `headers`
 * @param multiValueHeaders the event's `multiValueHeaders`, where it has any: `headers` hides all but the last value
 *   of a repeated header, and a backend might believe the first
 */
export function readMcpHeaders(
  headers: HeaderBag | null | undefined,
  multiValueHeaders?: HeaderBag | null,
): McpHeaders {
  const read = (name: string) => headerValue(multiValueHeaders, name) ?? headerValue(headers, name);
  return {
    method: read('mcp-method'),
    name: read('mcp-name'),
    protocolVersion: read('mcp-protocol-version'),
  };
}

/** A header's value whatever the case of its name; repeated ones joined by a comma (RFC 9110 §5.3). */
export function headerValue(
  headers: HeaderBag | null | undefined,
  lowerCaseName: string,
): string | undefined {
  const values: string[] = [];
  for (const name in headers) {
    // Most headers of a request are told apart by their length, without a copy in lower case.
    if (name.length !== lowerCaseName.length || name.toLowerCase() !== lowerCaseName) continue;
    const value = headers[name] ?? [];
    if (typeof value === 'string') values.push(value);
    else values.push(...value);
  }
  return values.length === 0 ? undefined : values.map(stripOptionalWhitespace).join(', ');
}

/**
 * The text an `Mcp-Name` header stands for: the value itself, or what `=?base64?…?=` wraps.
 *
 * @returns undefined if the wrapped part is not canonical Base64 of valid UTF-8; the specification has servers reject it
 */
export function decodeMcpHeaderValue(value: string): string | undefined {
  const text = stripOptionalWhitespace(value);
  if (!text.startsWith(WRAP_START) || !text.endsWith(WRAP_END)) return text;
  const wrapped = text.slice(WRAP_START.length, -WRAP_END.length);
  const decoded = decodeBase64(wrapped);
  // Two spellings of one name could be judged apart by two readers: only what the encoder writes is taken.
  return decoded !== undefined && wrapMcpHeaderValue(decoded) === text ? decoded : undefined;
}

/** Whether a request of this `MCP-Protocol-Version` has headers that a server checks against the body. */
export function hasCheckedHeaders(protocolVersion: string | undefined): boolean {
  const revision = stripOptionalWhitespace(protocolVersion ?? '');
  return REVISION.test(revision) && revision >= FIRST_REVISION_WITH_HEADERS;
}

/** RFC 9110 §5.6.3: blanks and tabs around a field value are no part of it. */
export function stripOptionalWhitespace(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value, start)) start += 1;
  while (end > start && isBlank(value, end - 1)) end -= 1;
  return value.slice(start, end);
}

const isBlank = (text: string, at: number): boolean => text[at] === ' ' || text[at] === '\t';

function decodeBase64(text: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function wrapMcpHeaderValue(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return `${WRAP_START}${btoa(bytes.join(''))}${WRAP_END}`;
}
