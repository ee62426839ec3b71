/** An MCP server as one Lambda function behind API Gateway and Keyturn's authorizer: REST API or HTTP API. */
import { checkToolScopes, type KeyContext, KeyContextError, keyContext, withKeyStatus } from 'keyturn/server';
import { serveMcp } from './mcp-endpoint.ts';
import { type ProxyEvent, pathOf, toRequest } from './proxy-event.ts';
import { jsonResult, type ProxyResult, toProxyResult } from './proxy-result.ts';

/**
 * Answers one proxy event. 403 and 400 come from `checkToolScopes`, 500 means that no authorizer stands before the
 * route; everything else is the MCP server's answer. Each carries `Api-Key-Status` while the key is deprecating.
 */
export async function handler(event: ProxyEvent): Promise<ProxyResult> {
  if (!isMcpPath(pathOf(event))) return jsonResult(404, { message: 'Not found' });
  try {
    const key = keyContext(event);
    return withKeyStatus(await answer(event, key), key);
  } catch (error) {
    if (!(error instanceof KeyContextError)) throw error;
    console.error(JSON.stringify({ level: 'ERROR', code: error.code, message: error.message }));
    return jsonResult(500, { message: 'This API is not set up correctly.' });
  }
}

/** Some clients ignore a configured key once the host answers OAuth discovery: `/.well-known/…` is not here at all. */
const isMcpPath = (path: string): boolean => path.endsWith('/mcp') && !path.includes('/.well-known/');

async function answer(event: ProxyEvent, key: KeyContext): Promise<ProxyResult> {
  const verdict = checkToolScopes({ ...event, scopes: key.scopes });
  if (!verdict.allowed) return jsonResult(verdict.status, verdict.jsonRpcError);
  return toProxyResult(await serveMcp(toRequest(event), verdict.parsedBody, key));
}
