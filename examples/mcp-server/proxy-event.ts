/** A Lambda proxy event of a REST API (payload 1.0) or an HTTP API (2.0) as a web `Request`. */
import type { AuthorizedEvent } from 'keyturn/server';

interface EventBase {
  readonly headers: Readonly<Record<string, string | undefined>> | null;
  readonly body?: string | null | undefined;
  readonly isBase64Encoded: boolean;
}

interface RestEvent extends EventBase {
  readonly version?: '1.0' | undefined;
  readonly httpMethod: string;
  readonly path: string;
  readonly multiValueHeaders?: Readonly<Record<string, string[] | undefined>> | null | undefined;
  readonly requestContext?: AuthorizedEvent['requestContext'];
}

interface HttpEvent extends EventBase {
  readonly version: '2.0';
  readonly rawPath: string;
  readonly requestContext: { readonly http: { readonly method: string } } & AuthorizedEvent['requestContext'];
}

export type ProxyEvent = RestEvent | HttpEvent;

/** The key stays with the gateway and the authorizer: no tool and no library needs to see it. */
const KEY_HEADERS = new Set(['authorization', 'x-api-key']);

export const pathOf = (event: ProxyEvent): string => (event.version === '2.0' ? event.rawPath : event.path);

/** Method and headers as they came, without the key. The body is left out: it goes on as already parsed JSON. */
export function toRequest(event: ProxyEvent): Request {
  const method = event.version === '2.0' ? event.requestContext.http.method : event.httpMethod;
  // There is one address, and the gateway has already led here: nothing reads the URL.
  return new Request('https://mcp.invalid/mcp', { method, headers: headersOf(event) });
}

function headersOf(event: ProxyEvent): Headers {
  // `headers` of a REST event has only the last value of a repeated header; an HTTP event joins them itself.
  const all = event.version === '2.0' ? {} : (event.multiValueHeaders ?? {});
  const headers = new Headers();
  for (const [name, value] of Object.entries(Object.keys(all).length > 0 ? all : (event.headers ?? {}))) {
    if (KEY_HEADERS.has(name.toLowerCase())) continue;
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  return headers;
}
