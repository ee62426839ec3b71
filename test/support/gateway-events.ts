/** Events as API Gateway sends them to an authorizer, with the headers of a test. */
import { readFileSync } from 'node:fs';
import type {
  HttpRequestEvent,
  RestRequestEvent,
  RestTokenEvent,
} from '../../lambdas/functions/authorizer/request-from-event.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

const event = <Event>(name: string): Event =>
  JSON.parse(readFileSync(new URL(`events/${name}.json`, import.meta.url), 'utf8')) as Event;

/** A repeated header is a list: `headers` then has its last value alone. */
export function restEvent(
  headers: Headers,
  changes: Readonly<Record<string, unknown>> = {},
): RestRequestEvent {
  const base = event<RestRequestEvent>('rest-request');
  const all = Object.entries(headers).map(([name, value]) => [name, [value].flat()] as const);
  return {
    ...base,
    headers: { ...base.headers, ...Object.fromEntries(all.map(([name, values]) => [name, values.at(-1)])) },
    multiValueHeaders: { ...base.multiValueHeaders, ...Object.fromEntries(all) },
    ...changes,
  };
}

export const tokenEvent = (authorizationToken: string): RestTokenEvent => ({
  ...event<RestTokenEvent>('rest-token'),
  authorizationToken,
});

/** Names are in lower case, and a repeated header's values are joined. */
export function httpEvent(
  headers: Headers,
  changes: Readonly<Record<string, unknown>> = {},
): HttpRequestEvent {
  const base = event<HttpRequestEvent>('http-request');
  const joined = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    [value].flat().join(','),
  ]);
  return { ...base, headers: { ...base.headers, ...Object.fromEntries(joined) }, ...changes };
}
