/** Follows redirects as `fetch` does, save that the key goes no further than to the APIs it is for. */
import type { Fetch } from './protocol.ts';
import { isResendable } from './resendable.ts';

type Input = string | URL | Request;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** As many as `fetch` itself follows. */
const MOST = 20;

/**
 * @param isForApi whether the key may go there; the platform alone would keep it back from another origin only
 * @throws TypeError in a page, which is not told where it was redirected to
 */
export async function sendWithin(
  fetch: Fetch,
  isForApi: (input: Input) => boolean,
  input: Input,
  init: RequestInit,
): Promise<Response> {
  const mode = init.redirect ?? (input instanceof Request ? input.redirect : 'follow');
  if (mode !== 'follow') return fetch(input, init);
  let next = { input, init };
  for (let sent = 0; sent <= MOST; sent += 1) {
    const response = await fetch(next.input, { ...next.init, redirect: 'manual' });
    if (response.type === 'opaqueredirect') {
      throw new TypeError('The API redirects the call: give the address that it redirects to.');
    }
    const to = targetOf(response, next.input);
    const followed = to && followUp(next, to, response.status, isForApi(to));
    if (!followed) return response;
    await response.body?.cancel().catch(() => undefined);
    next = followed;
  }
  throw new TypeError(`The API redirects the call more than ${MOST} times.`);
}

function targetOf({ status, headers }: Response, input: Input): URL | undefined {
  const location = REDIRECTS.has(status) ? headers.get('location') : null;
  const from = input instanceof Request ? input.url : String(input);
  const base = URL.canParse(from) ? from : (globalThis as { location?: { href: string } }).location?.href;
  return location !== null && URL.canParse(location, base) ? new URL(location, base) : undefined;
}

/** @returns undefined where the body cannot be sent again: what was answered is the caller's then */
function followUp(
  { input, init }: { readonly input: Input; readonly init: RequestInit },
  to: URL,
  status: number,
  withKey: boolean,
): { readonly input: Input; readonly init: RequestInit } | undefined {
  const method = (init.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase();
  const headers = new Headers(init.headers);
  if (!withKey) headers.delete('authorization');
  const isRead = method === 'GET' || method === 'HEAD';
  // https://fetch.spec.whatwg.org/#http-redirect-fetch, step 12: the answer to a POST is read elsewhere.
  if (!isRead && (status === 303 || (status < 303 && method === 'POST'))) {
    for (const name of ['content-type', 'content-length', 'content-encoding']) headers.delete(name);
    const { body: _sent, ...rest } = init;
    return { input: to, init: { ...rest, method: 'GET', headers } };
  }
  if (!isResendable(input, init)) return undefined;
  return { input: input instanceof Request ? new Request(to, input) : to, init: { ...init, headers } };
}
