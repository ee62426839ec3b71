/** Proxy events in the shapes API Gateway sends, cut to what a backend reads. */

export const REST_CONTEXT = {
  principalId: 'abcdefghijkl',
  integrationLatency: 12,
  keyId: 'abcdefghijkl',
  keyVersion: '3',
  keyStatus: 'active',
  owner: 'team@example.com',
  environment: 'live',
  scopes: 'tools:echo orders:*',
};

export const DEPRECATING = { keyStatus: 'deprecating', keyExpiresAt: '2026-11-23T01:00:02.000Z' };

interface Wanted {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly authorizer?: Readonly<Record<string, unknown>> | undefined;
}

const HEADERS = {
  Accept: 'application/json, text/event-stream',
  'Content-Type': 'application/json',
  Authorization: 'Bearer mk_live_not-to-be-seen',
};

function headersOf(wanted: Wanted): Record<string, string> {
  const names = Object.keys(wanted.headers ?? {}).map((name) => name.toLowerCase());
  const others = Object.entries(HEADERS).filter(([name]) => !names.includes(name.toLowerCase()));
  return { ...Object.fromEntries(others), ...wanted.headers };
}

/** REST API, Lambda proxy integration (payload 1.0). */
export function restEvent(wanted: Wanted = {}) {
  const headers = headersOf(wanted);
  return {
    resource: '/mcp',
    path: wanted.path ?? '/mcp',
    httpMethod: wanted.method ?? 'POST',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    pathParameters: null,
    requestContext: {
      stage: 'v1',
      domainName: 'abc123.execute-api.eu-central-1.amazonaws.com',
      identity: { sourceIp: '192.0.2.7' },
      authorizer: 'authorizer' in wanted ? wanted.authorizer : REST_CONTEXT,
    },
    body: wanted.body ?? null,
    isBase64Encoded: wanted.isBase64Encoded ?? false,
  };
}

/** HTTP API, payload 2.0: lower-case header names, typed context values under `lambda`, the stage in the path. */
export function httpEvent(wanted: Wanted = {}) {
  const headers = Object.entries(headersOf(wanted));
  const { principalId: _1, integrationLatency: _2, ...context } = REST_CONTEXT;
  const { body } = wanted;
  return {
    version: '2.0' as const,
    routeKey: 'ANY /mcp',
    rawPath: `/v1${wanted.path ?? '/mcp'}`,
    rawQueryString: '',
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    requestContext: {
      stage: 'v1',
      http: { method: wanted.method ?? 'POST', path: '/v1/mcp', protocol: 'HTTP/1.1', sourceIp: '192.0.2.7' },
      authorizer: { lambda: { ...context, keyVersion: 3, ...wanted.authorizer } },
    },
    ...(typeof body === 'string' && { body }),
    isBase64Encoded: wanted.isBase64Encoded ?? false,
  };
}
