/** Words that people give: owners, names, reasons. They stay on record and are shown on terminals. */
import { type Checked, refused } from './checked.ts';

/** A whole key, whatever stands around it. */
const LIKE_A_KEY = /[a-z0-9]{2,8}_(live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}/i;
/** Control characters would move a terminal's cursor or forge a line of a log; lone surrogates cannot be hashed. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** At most so much of a text, never half a character: what cannot be encoded cannot be stored or hashed. */
export const cutText = (text: string, longest: number): string =>
  text.slice(0, longest).replace(/\p{Cs}/gu, '\ufffd');

/**
 * @param what the field's name, for the error; the text itself is not repeated where it may hold a key
 * @returns the text without blanks around it
 */
export function parseFreeText(value: unknown, what: string, longest: number): Checked<string> {
  const mend = `Give 1 to ${longest} characters.`;
  if (typeof value !== 'string') {
    return refused(`${what} ${JSON.stringify(value) ?? '(absent)'} is not text.`, mend);
  }
  if (value.trim() === '') return refused(`${what} '${value}' is empty.`, mend);
  if (value.length > longest) {
    return refused(`${what} has ${value.length} characters, more than ${longest}.`, mend);
  }
  if (LIKE_A_KEY.test(value)) {
    return refused(
      `${what} holds what looks like a whole API key.`,
      'It would stay on record in clear: give the 12 characters of its id alone. If the key was real, rotate it.',
    );
  }
  if (UNPRINTABLE.test(value)) {
    return refused(`${what} holds control characters or line breaks.`, 'Write it on one line.');
  }
  return { ok: true, value: value.trim() };
}
