/** Where an API key may be sent: nowhere but to the APIs it is for. */

/** @throws TypeError for what is no absolute http address */
export function apiAddresses(apis: readonly string[]): (input: string | URL | Request) => boolean {
  if (apis.length === 0)
    throw new TypeError('Say at least one address in apis: the key is sent nowhere else.');
  const known = apis.map(addressOf);
  return (input) => {
    const url = urlOf(input);
    return url !== undefined && known.some((api) => isBelow(url, api));
  };
}

function addressOf(api: string): URL {
  const url = URL.canParse(api) ? new URL(api) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new TypeError(`'${api}' in apis is no address such as https://api.example.com/mcp.`);
}

/** What `fetch` would make of it. */
function urlOf(input: string | URL | Request): URL | undefined {
  const text = input instanceof Request ? input.url : String(input);
  const base = (globalThis as { readonly location?: { readonly href: string } }).location?.href;
  return URL.canParse(text, base) ? new URL(text, base) : undefined;
}

/** By whole segments of the path: `/mcp` leads to `/mcp/messages`, and not to `/mcp-of-others`. */
function isBelow(url: URL, api: URL): boolean {
  const path = api.pathname.replace(/\/+$/, '');
  return url.origin === api.origin && (url.pathname === path || url.pathname.startsWith(`${path}/`));
}
