/** The three events an authorizer gets, as one request. */
import type { AuthorizationRequest } from '../../core/domain/authorization.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** REST API, REQUEST authorizer. */
export interface RestRequestEvent {
  readonly type: 'REQUEST';
  readonly methodArn: string;
  readonly resource?: string;
  readonly httpMethod?: string;
  readonly headers?: Headers | null;
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
  readonly headers?: Headers | null;
  readonly requestContext?: {
    readonly requestId?: string;
    readonly http?: { readonly method?: string; readonly sourceIp?: string; readonly userAgent?: string };
  };
}

export type GatewayEvent = RestRequestEvent | RestTokenEvent | HttpRequestEvent;

export const isHttpApiEvent = (event: GatewayEvent): event is HttpRequestEvent => 'routeArn' in event;

export function requestFromEvent(event: GatewayEvent): AuthorizationRequest {
  if (event.type === 'TOKEN') return { presented: presentedIn(event.authorizationToken, undefined, true) };
  const headers = lowerCased(event.headers);
  const common = {
    presented: presentedIn(headers['authorization'], headers['x-api-key'], false),
    ...defined('mcpMethod', headers['mcp-method']),
    ...defined('mcpName', headers['mcp-name']),
    ...defined('mcpProtocolVersion', headers['mcp-protocol-version']),
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
  const { identity, ...context } = event.requestContext ?? {};
  return {
    ...common,
    ...defined('method', context.httpMethod ?? event.httpMethod),
    ...defined('resource', context.resourcePath ?? event.resource),
    ...defined('sourceAddress', identity?.sourceIp),
    ...defined('userAgent', identity?.userAgent ?? undefined),
  };
}

/**
 * The key in `Authorization: Bearer <key>` or `x-api-key: <key>`. Two different ones are no key at all (null): which
 * of them a backend or a log would show is anybody's guess.
 *
 * @param bare whether the first may also be the key alone, as in a TOKEN authorizer's `x-api-key`
 */
function presentedIn(
  authorization: string | undefined,
  apiKey: string | undefined,
  bare: boolean,
): string | undefined | null {
  const bearer = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  const first = bearer ?? (bare ? authorization?.trim() || undefined : undefined);
  const second = apiKey?.trim() || undefined;
  if (first !== undefined && second !== undefined && first !== second) return null;
  if (first === undefined && second === undefined && /^bearer\b/i.test(authorization ?? '')) return null;
  return first ?? second;
}

function lowerCased(headers: Headers | null | undefined): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

const defined = <Name extends string>(name: Name, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string };
