/** Words of others, as a mail may repeat them: on one line, in marks, cut, and worth nothing but to be read. */
import { withoutKeys } from '../../../rules/without-keys.ts';

/** Marks that open and close a quotation in a language. */
export type Quotes = readonly [open: string, close: string];

/** What turns the reading direction around or cannot be seen; joiners stay, which some scripts need within words. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cf}\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;
/** Marks that are heaped onto one letter reach into the lines around it. */
const HEAPED = /(\p{M}{3})\p{M}+/gu;
/** With one of these a text could end its quotation and go on as if it were ours. */
const MARKS = /[“”„‟«»]/g;
/** Letters that are written from right to left: what stands beside them must keep its place. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]|[\u{10800}-\u{10fff}]|[\u{1e800}-\u{1efff}]/u;

/** @param longest characters, the sign that more was there not counted */
export function theirs(text: string, longest: number, [open, close]: Quotes): string {
  return `${open}${isolated(cut(plain(text), longest))}${close}`;
}

/** As `theirs`, of what any client may send: no mail program makes a link of it. */
export const unlinked = (text: string, longest: number, quotes: Quotes): string =>
  theirs(text, longest, quotes).replace(/(?<=[\p{L}\p{N}-])\.(?=\p{L}{2})|@(?=\p{L})/gu, '[$&]');

/** Without marks: for what has a shape of its own, such as a mail address. */
export const plainly = (text: string, longest: number): string => isolated(cut(plain(text), longest));

/** Keys are looked for in what can be read, whatever stood between their letters. */
const plain = (text: string): string =>
  withoutKeys(
    text
      .replace(/[\s\u0085]+/g, ' ')
      .replace(UNSEEN, '')
      .replace(HEAPED, '$1')
      .replace(MARKS, '"')
      .replaceAll('://', '[:]//')
      .trim(),
  );

function cut(text: string, longest: number): string {
  const characters = [...text];
  return characters.length > longest ? `${characters.slice(0, longest).join('').trimEnd()}…` : text;
}

const isolated = (text: string): string => (RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text);
