/** What API Gateway hands a REQUEST authorizer of a REST API for one call of an MCP client, header by header. */
const HEADERS: Readonly<Record<string, string>> = {
  Accept: 'application/json, text/event-stream',
  'Accept-Encoding': 'gzip, deflate, br',
  'Accept-Language': '*',
  'Cache-Control': 'no-cache',
  'Content-Type': 'application/json',
  Host: 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
  'Mcp-Session-Id': '1868a90c-6f3b-4b0e-9a53-0a7c6f1d2e3f',
  'MCP-Protocol-Version': '2025-11-25',
  'User-Agent': 'mcp-client/2.4.0 node/20.20.2',
  'X-Amzn-Trace-Id': 'Root=1-67891233-abcdef012345678912345678',
  'X-Forwarded-For': '203.0.113.17',
  'X-Forwarded-Port': '443',
  'X-Forwarded-Proto': 'https',
};

export function restEvent(key: string) {
  const headers = { ...HEADERS, Authorization: `Bearer ${key}` };
  return {
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/POST/mcp',
    resource: '/mcp',
    path: '/mcp',
    httpMethod: 'POST',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: {},
    multiValueQueryStringParameters: {},
    pathParameters: {},
    stageVariables: {},
    requestContext: {
      resourceId: 'abc123',
      resourcePath: '/mcp',
      httpMethod: 'POST',
      extendedRequestId: 'JKJaXmPLvHcESHA=',
      requestTime: '10/Mar/2026:14:00:00 +0000',
      path: '/prod/mcp',
      accountId: '123456789012',
      protocol: 'HTTP/1.1',
      stage: 'prod',
      domainPrefix: 'a1b2c3d4e5',
      requestTimeEpoch: 1_773_151_200_000,
      requestId: '9e2d1c5a-5e4b-4c7d-8a7b-2f6f0d8f7a11',
      identity: { sourceIp: '203.0.113.17', userAgent: 'mcp-client/2.4.0 node/20.20.2' },
      domainName: 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
      apiId: 'a1b2c3d4e5',
    },
  };
}
