/** What a stranger's mail server says, as it may stand on record and on a terminal. */
import { cutText } from '../../../rules/free-text.ts';
import { withoutKeys } from '../../../rules/without-keys.ts';

const LONGEST = 200;
/** Servers like to quote what they refuse, and a mail may hold a link that hands out a key. */
const ADDRESSES = /\b[a-z][a-z0-9+.-]*:\/\/\S+/gi;
/** Line breaks, escape sequences, marks that turn the reading direction around, what cannot be seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

export const toldText = (text: unknown): string =>
  typeof text !== 'string'
    ? ''
    : cutText(
        withoutKeys(text.replace(UNSEEN, ' ').replace(ADDRESSES, '[link]')).replace(/\s+/g, ' ').trim(),
        LONGEST,
      );
