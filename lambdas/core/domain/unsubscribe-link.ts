/**
 * Links by which an address leaves one kind of mail: nothing is stored for them. A code proves that the link was made
 * for this address and this kind; it is good for nothing else, and for as long as the deployment keeps its secret.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { UNSUBSCRIBE_PATH } from '../../../rules/delivery-paths.ts';
import { addressKey, parseMailAddress } from '../../../rules/mail-address.ts';
import { isLeavable, type LeavableKind } from '../../../rules/mail-kinds.ts';
import type { Language } from '../../../rules/mail-locale.ts';

export interface Leaving {
  readonly kind: LeavableKind;
  readonly address: string;
}

/** What stands in a link's path. */
export interface LeavingParts {
  readonly kind?: string | undefined;
  readonly address?: string | undefined;
  readonly code?: string | undefined;
}

/** The secret serves challenges too: under this label what is made from it serves nothing but these links. */
const LABEL = 'keyturn/unsubscribe-link/v1';
const KEY_BYTES = 32;

/** @param apiUrl of the API at which the page stands, without a slash at the end */
export function unsubscribeUrl(
  apiUrl: string,
  secret: Uint8Array,
  leaving: Leaving,
  language: Language,
): string {
  const address = Buffer.from(leaving.address, 'utf8').toString('base64url');
  const code = codeOf(secret, leaving).toString('base64url');
  return `${apiUrl}/${UNSUBSCRIBE_PATH}/${leaving.kind}/${address}/${code}?lang=${language}`;
}

/** @returns undefined for whatever is no link of ours */
export function readLeaving(secret: Uint8Array, parts: LeavingParts): Leaving | undefined {
  const { kind, address: encoded = '', code = '' } = parts;
  const address = parseMailAddress(Buffer.from(encoded, 'base64url').toString('utf8'), 'address');
  if (!isLeavable(kind) || !address.ok) return undefined;
  const leaving = { kind, address: address.value };
  const [given, right] = [Buffer.from(code, 'base64url'), codeOf(secret, leaving)];
  return given.length === right.length && timingSafeEqual(given, right) ? leaving : undefined;
}

/** Neither a kind nor an address has a line break in it. */
function codeOf(secret: Uint8Array, { kind, address }: Leaving): Buffer {
  const key = Buffer.from(hkdfSync('sha256', secret, '', LABEL, KEY_BYTES));
  return createHmac('sha256', key)
    .update(`${kind}\n${addressKey(address)}`)
    .digest();
}
