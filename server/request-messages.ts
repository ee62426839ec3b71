/** The JSON-RPC messages of a request body, as Lambda hands it over. */

export type JsonObject = Readonly<Record<string, unknown>>;

export type RequestMessages =
  | {
      readonly ok: true;
      readonly parsedBody: unknown;
      readonly messages: readonly JsonObject[];
    }
  | { readonly ok: false; readonly code: -32700 | -32600; readonly message: string };

const NOT_JSON = {
  ok: false,
  code: -32700,
  message: 'The request body is not JSON in UTF-8.',
} as const;

/** Parses once: of two equal keys `JSON.parse` keeps the last, another parser might keep the first. */
export function readMessages(body: string | null | undefined, isBase64Encoded: boolean): RequestMessages {
  let parsedBody: unknown;
  try {
    const text = isBase64Encoded ? decodeBody(body ?? '') : (body ?? '');
    if (text === '') return { ok: true, parsedBody: undefined, messages: [] };
    parsedBody = JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
  const messages: readonly unknown[] = Array.isArray(parsedBody) ? parsedBody : [parsedBody];
  if (messages.length === 0) return invalid('The JSON-RPC batch is empty.');
  if (!messages.every(isMessage))
    return invalid('The request body is not a JSON-RPC message or a batch of them.');
  return { ok: true, parsedBody, messages };
}

/** An object with a `method`, or a response. Whether the rest of it is right, the server says. */
const isMessage = (value: unknown): value is JsonObject =>
  isJsonObject(value) &&
  (typeof value.method === 'string' ||
    (value.method === undefined && (value.result !== undefined || value.error !== undefined)));

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function decodeBody(body: string): string {
  const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

const invalid = (message: string): RequestMessages => ({ ok: false, code: -32600, message });
