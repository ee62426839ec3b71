/** The values of flags about mail, checked before anything is sent. Each throws what commander turns into bad usage. */
import { InvalidArgumentError } from 'commander';
import type { Checked } from '../../rules/checked.ts';
import { isOwnerAddress, parseMailAddress } from '../../rules/mail-address.ts';
import { parseFooter } from '../../rules/mail-footer.ts';
import { isLeavable, LEAVABLE_KINDS } from '../../rules/mail-kinds.ts';
import { parseLocale, parseTimeZone } from '../../rules/mail-locale.ts';

const taken = <Value>(checked: Checked<Value>): Value => {
  if (checked.ok) return checked.value;
  throw new InvalidArgumentError(checked.hint);
};

/** `de`, `en-US`. */
export const locale = (text: string): string => taken(parseLocale(text));

/** `Europe/Berlin`. */
export const timeZone = (text: string): string => taken(parseTimeZone(text));

export const address = (text: string): string => taken(parseMailAddress(text, 'address'));

/** Of whom something is asked: one that is no address would find nothing, and look like an answer. */
export function ownerAddress(text: string): string {
  if (isOwnerAddress(text)) return text;
  throw new InvalidArgumentError("Give the owner's mail address, such as team@example.com.");
}

/** Addresses; given several times, they add up. */
export const mailAddresses = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  address(text),
];

/** Words below each mail, with variables. */
export function footer(text: string): string {
  const checked = parseFooter(text, 'footer');
  if (checked.ok) return checked.value;
  throw new InvalidArgumentError(`${checked.message} ${checked.hint}`);
}

/** Kinds of mails that may be left; given several times, they add up. */
export function kinds(text: string, before: readonly string[] = []): readonly string[] {
  if (isLeavable(text)) return [...before, text];
  throw new InvalidArgumentError(
    `Mails of these kinds may be left: ${LEAVABLE_KINDS.join(', ')}. Others may be the only word of what they tell.`,
  );
}
