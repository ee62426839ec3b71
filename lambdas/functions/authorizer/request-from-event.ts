/** The three events an authorizer gets, as one request. */
import type { AuthorizationRequest } from '../../core/domain/authorization.ts';
import { type HeaderBag, headerValue, readMcpHeaders } from '../../core/domain/mcp-headers.ts';

/** REST API, REQUEST authorizer. */
export interface RestRequestEvent {
  readonly type: 'REQUEST';
  readonly methodArn: string;
  readonly resource?: string;
  readonly httpMethod?: string;
  readonly headers?: HeaderBag | null;
  readonly multiValueHeaders?: HeaderBag | null;
  readonly requestContext?: {
    readonly httpMethod?: string;
    readonly resourcePath?: string;
    readonly requestId?: string;
    readonly identity?: { readonly sourceIp?: string; readonly userAgent?: string | null };
  };
}

/** REST API, TOKEN authorizer. */
export interface RestTokenEvent {
  readonly type: 'TOKEN';
  readonly methodArn: string;
  readonly authorizationToken?: string;
}

/** HTTP API, payload format 2.0. */
export interface HttpRequestEvent {
  readonly version: '2.0';
  readonly type: 'REQUEST';
  readonly routeArn: string;
  readonly routeKey?: string;
  readonly headers?: HeaderBag | null;
  readonly requestContext?: {
    readonly requestId?: string;
    readonly http?: { readonly method?: string; readonly sourceIp?: string; readonly userAgent?: string };
  };
}

export type GatewayEvent = RestRequestEvent | RestTokenEvent | HttpRequestEvent;

export const isHttpApiEvent = (event: GatewayEvent): event is HttpRequestEvent => 'routeArn' in event;

/** Which headers may carry the key: where API Gateway keeps answers, the one that is part of the cache's key alone. */
export type KeyHeaders = 'either' | 'Authorization' | 'x-api-key';

export function requestFromEvent(event: GatewayEvent, keyHeaders: KeyHeaders): AuthorizationRequest {
  if (event.type === 'TOKEN') {
    const token = event.authorizationToken;
    const presented = keyHeaders === 'x-api-key' ? bare(token) : bearer(token);
    return { presented, mcp: readMcpHeaders(undefined) };
  }
  const { headers } = event;
  const multiValue = 'multiValueHeaders' in event ? event.multiValueHeaders : undefined;
  const common = {
    presented: presentedIn(headers, multiValue, keyHeaders),
    mcp: readMcpHeaders(headers, multiValue),
  };
  if (isHttpApiEvent(event)) {
    const { http } = event.requestContext ?? {};
    const [, resource] = (event.routeKey ?? '').split(' ');
    return {
      ...common,
      ...defined('method', http?.method),
      ...defined('resource', resource ?? event.routeKey),
      ...defined('sourceAddress', http?.sourceIp),
      ...defined('userAgent', http?.userAgent),
    };
  }
  const { identity, httpMethod, resourcePath } = event.requestContext ?? {};
  return {
    ...common,
    ...defined('method', httpMethod ?? event.httpMethod),
    ...defined('resource', resourcePath ?? event.resource),
    ...defined('sourceAddress', identity?.sourceIp),
    ...defined('userAgent', identity?.userAgent ?? undefined),
  };
}

/** A key, undefined when there is none, null when what is there cannot be one. */
type Presented = string | undefined | null;

/** Two different keys in one request are none: which of them a backend or a log would show is anybody's guess. */
function presentedIn(
  headers: HeaderBag | null | undefined,
  multiValue: HeaderBag | null | undefined,
  keyHeaders: KeyHeaders,
): Presented {
  const read = (name: string) => headerValue(multiValue, name) ?? headerValue(headers, name);
  const first = keyHeaders === 'x-api-key' ? undefined : bearer(read('authorization'));
  const second = keyHeaders === 'Authorization' ? undefined : bare(read('x-api-key'));
  if (first === undefined || second === undefined || first === second) return first ?? second;
  return null;
}

/** RFC 6750 section 2.1. Another scheme (Basic, say) is somebody else's and no key. */
function bearer(value: string | undefined): Presented {
  if (!/^bearer\b/i.test(value ?? '')) return undefined;
  return /^bearer +(\S+)$/i.exec(value?.trim() ?? '')?.[1] ?? null;
}

const bare = (value: string | undefined): Presented => value?.trim() || undefined;

const defined = <Name extends string>(name: Name, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string };
