/** Where a vault may be: over TLS, or without it where nobody can listen in. */
import { type Checked, refused } from './checked.ts';

/** IPv6 addresses stand in brackets in a URL. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Checks the address of a vault, and gives it without a slash at its end.
 *
 * @param allowHttp whether a host that is not this one may be spoken to without TLS
 */
export function parseVaultAddress(text: unknown, allowHttp = false): Checked<string> {
  const what = `The vault address '${String(text)}'`;
  const mend = 'Write one such as https://vault.example.com:8200.';
  if (typeof text !== 'string' || !URL.canParse(text)) return refused(`${what} is no URL.`, mend);
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refused(`${what} is not of HTTPS.`, mend);
  if (url.username !== '' || url.password !== '') {
    return refused('The vault address holds a user or a password.', 'Put credentials into the secret.');
  }
  if (url.search !== '' || url.hash !== '') return refused(`${what} has a query or a fragment.`, mend);
  if (url.protocol === 'http:' && !allowHttp && !LOOPBACK.test(url.hostname)) {
    return refused(
      `${what} is without TLS: keys and tokens would be readable on the way.`,
      'Write https://…, or set allowHttp if every hop to it is yours.',
    );
  }
  return { ok: true, value: `${url.origin}${url.pathname}`.replace(/\/+$/, '') };
}
