/** From the addresses that a template makes up for API Gateway to those that answer on the emulator. */
const EXECUTE_API = /^https?:\/\/([a-z0-9]+)\.execute-api\.[^/]+(\/.*)?$/i;

/** The API's id in an address of API Gateway; undefined for anything else. */
export function apiIdOf(value: string): string | undefined {
  return EXECUTE_API.exec(value)?.[1];
}

/**
 * The same address on the emulator; what is no address of API Gateway stays as it is.
 * The path of a REST API starts with its stage; that of an HTTP API with a default stage names none.
 */
export function localUrl(value: string, endpoint: string, onDefaultStage: boolean): string {
  const match = EXECUTE_API.exec(value);
  if (!match) return value;
  const [, apiId, path = '/'] = match;
  return `${endpoint.replace(/\/+$/, '')}/_aws/execute-api/${apiId}${onDefaultStage ? '/$default' : ''}${path}`;
}
