/** Where a webhook may be: what its address may look like, before any name in it is resolved. */
import { isIP } from 'node:net';
import { type Checked, refused } from '../../../rules/checked.ts';
import { addressRefusal } from './public-address.ts';

export interface AddressRules {
  /** Whether receivers may be in private networks and on loopback, and at any port. */
  readonly allowPrivateAddresses: boolean;
}

export const LONGEST_URL = 2_000;
/** Those that receivers of HTTPS commonly listen on: a webhook is no scanner of ports. */
export const WEBHOOK_PORTS = [443, 8443] as const;

/** Names that mean something inside a network alone. */
const INTERNAL_NAME = /(^|\.)(localhost|localdomain|local|internal|intranet|lan|corp|home|home\.arpa|onion)$/;
const NAME = /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/;
const WRITE = 'Write one such as https://hooks.example.com/keyturn.';

/** @returns the address as it is called: host in lower case, without a fragment */
export function parseWebhookUrl(text: unknown, rules: AddressRules): Checked<string> {
  if (typeof text !== 'string' || !URL.canParse(text)) {
    return refused('The address of the webhook is no URL.', WRITE);
  }
  if (text.length > LONGEST_URL) {
    return refused(
      `The address of the webhook has ${text.length} characters.`,
      `Give ${LONGEST_URL} at most.`,
    );
  }
  // Parsers disagree on these: what was checked would not be what is called.
  if (/[\s\\\p{Cc}]/u.test(text)) {
    return refused('The address of the webhook holds blanks, backslashes or control characters.', WRITE);
  }
  const url = new URL(text);
  if (url.protocol !== 'https:') {
    return refused(`The address of the webhook is of '${url.protocol}//', not of HTTPS.`, WRITE);
  }
  if (url.username !== '' || url.password !== '') {
    return refused(
      'The address of the webhook holds a user or a password.',
      'Leave it out: each call is signed, and the receiver verifies that.',
    );
  }
  const wrong = hostRefusal(url, text, rules) ?? portRefusal(url, rules);
  if (wrong) return wrong;
  url.hash = '';
  return { ok: true, value: url.href };
}

function hostRefusal(url: URL, text: string, rules: AddressRules) {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const shown = `The host '${host}' of the webhook`;
  if (isIP(host) !== 0) return literalRefusal(host, text, rules);
  if (host.endsWith('.')) {
    return refused(`${shown} ends with a dot.`, 'Write the name without it, as its certificate has it.');
  }
  if (!NAME.test(host)) return refused(`${shown} is no host name.`, WRITE);
  if (rules.allowPrivateAddresses) return undefined;
  if (INTERNAL_NAME.test(host) || !host.includes('.')) {
    return refused(`${shown} is a name of an internal network.`, PUBLIC);
  }
  return undefined;
}

const PUBLIC =
  'Receivers must be reachable in the Internet; webhooks.allowPrivateAddresses of the deployment allows private ones.';

/** URL parsers read `0x7f.1`, `127.1`, `2130706433` and others as addresses: nobody writes an honest one like that. */
function literalRefusal(host: string, text: string, { allowPrivateAddresses }: AddressRules) {
  const written = /^[^:]*:\/*([^/?#]*)/.exec(text)?.[1]?.toLowerCase().replace(/:\d*$/, '') ?? '';
  if (written.replace(/^\[|\]$/g, '') !== host) {
    return refused(
      `The host '${written}' of the webhook is the address ${host} in another spelling.`,
      `Write ${host}, or better its name.`,
    );
  }
  const kind = addressRefusal(host, allowPrivateAddresses);
  return kind === undefined ? undefined : refused(`The address ${host} of the webhook is ${kind}.`, PUBLIC);
}

function portRefusal(url: URL, { allowPrivateAddresses }: AddressRules) {
  const port = url.port === '' ? 443 : Number(url.port);
  if (allowPrivateAddresses ? port > 0 : (WEBHOOK_PORTS as readonly number[]).includes(port))
    return undefined;
  return refused(
    `The port ${port} of the webhook is not allowed.`,
    `Let its receiver listen on ${WEBHOOK_PORTS.join(' or ')}.`,
  );
}
