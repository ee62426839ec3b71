/** The warning that reaches whoever uses an old key: `Api-Key-Status` on every response, an RFC 9651 Item. */
import type { KeyContext } from './key-context.ts';

const HEADER = 'Api-Key-Status';

export interface KeyStatusHeader {
  readonly name: typeof HEADER;
  readonly value: string;
}

/** A Lambda proxy result, of either payload version, as far as this module touches it. */
export interface ProxyResult {
  statusCode?: number | undefined;
  headers?: Record<string, boolean | number | string> | undefined;
}

/**
 * `Api-Key-Status: deprecating; version=3; expires=@1795381202`: a token with an Integer and a Date (seconds).
 *
 * @returns undefined while the key's version is active: then the response carries no such header
 */
export function keyStatusHeader(
  context: Pick<KeyContext, 'keyStatus' | 'keyVersion' | 'keyExpiresAt'>,
): KeyStatusHeader | undefined {
  if (context.keyStatus !== 'deprecating') return undefined;
  const parameters = [`version=${context.keyVersion}`];
  if (context.keyExpiresAt !== undefined) {
    parameters.push(`expires=@${Math.floor(Date.parse(context.keyExpiresAt) / 1_000)}`);
  }
  // RFC 9651 §4.2.3.2 has parsers drop blanks after a semicolon; they make the header readable to people.
  return { name: HEADER, value: ['deprecating', ...parameters].join('; ') };
}

/**
 * A copy of the response with `Api-Key-Status` while the caller's key version is deprecating, else the response itself.
 * Takes a web `Response` or a Lambda proxy result.
 */
export function withKeyStatus(response: Response, context: KeyContext): Response;
export function withKeyStatus<Result extends ProxyResult>(response: Result, context: KeyContext): Result;
export function withKeyStatus(response: Response | ProxyResult, context: KeyContext): Response | ProxyResult {
  const header = keyStatusHeader(context);
  if (!header) return response;
  if (response instanceof Response) {
    const copy = new Response(response.body, response);
    copy.headers.set(header.name, header.value);
    return copy;
  }
  const others = Object.entries(response.headers ?? {}).filter(
    ([name]) => name.toLowerCase() !== HEADER.toLowerCase(),
  );
  return { ...response, headers: { ...Object.fromEntries(others), [header.name]: header.value } };
}
