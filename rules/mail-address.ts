/** Addresses that mails go to. */
import { type Checked, refused } from './checked.ts';
import { isEnvelopeAddress } from './envelope-address.ts';
import { parseFreeText } from './free-text.ts';

/** Of RFC 5321, with its angle brackets left off. */
export const LONGEST_ADDRESS = 254;
/** Beside its owner, of one key. */
export const MOST_RECIPIENTS = 10;

/** One address and no more: neither a name, nor a list, nor a break of the line that it stands in. */
const ADDRESS = /^[^\s@<>(),;:"\\[\]]{1,64}@[^\s@<>(),;:"\\[\]]+$/;

/** @param what the field's name, for the error */
export function parseMailAddress(value: unknown, what: string): Checked<string> {
  const mend = 'Give one such as team@example.com, without a name beside it.';
  if (typeof value !== 'string' || value.length > LONGEST_ADDRESS || !ADDRESS.test(value)) {
    return refused(`${what} '${shown(value)}' is not a mail address.`, mend);
  }
  return parseFreeText(value, what, LONGEST_ADDRESS);
}

/** An address that mails can be sent to. */
export function parseRecipient(value: unknown, what: string): Checked<string> {
  const address = parseMailAddress(value, what);
  if (!address.ok || isEnvelopeAddress(address.value)) return address;
  return refused(
    `${what} '${address.value}' is not an address that Amazon SES takes.`,
    'Write it in ASCII characters, with a domain such as example.com.',
  );
}

/** As which an owner can be asked for: each address that a key is or was issued to has one `@` and no blank. */
export const isOwnerAddress = (text: string): boolean => /^[^\s@]+@[^\s@]+$/.test(text);

/** The same mailbox for every provider there is, however it is written. */
export const addressKey = (address: string): string => address.toLowerCase();

export const isSameAddress = (one: string | undefined, other: string | undefined): boolean =>
  one === other || (one !== undefined && other !== undefined && addressKey(one) === addressKey(other));

const shown = (value: unknown): string => String(value).slice(0, LONGEST_ADDRESS);
