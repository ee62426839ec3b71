/** What mails are written with: the words of a language, and moments by a reader's clock. */
import { fillFooter } from '../../../rules/mail-footer.ts';
import { DEFAULT_TIME_ZONE, localeOf, parseTimeZone } from '../../../rules/mail-locale.ts';
import { WORDS } from './languages.ts';
import { momentsIn } from './moments.ts';
import { plainly, theirs } from './theirs.ts';
import type { Words } from './words.ts';

export interface Reading {
  /** As `parseLocale` gives it; what it does not know is written in English. */
  readonly locale: string;
  /** As `parseTimeZone` gives it; what it does not know is told in UTC. */
  readonly timeZone: string;
  /** What the deployment says below each mail, with its variables. */
  readonly footer?: string;
}

/** The key that a mail is about, if it is about one. */
interface About {
  readonly keyId?: string;
  readonly keyName?: string;
  readonly owner?: string;
}

/** Of a name within a sentence or a subject; its row has it whole. */
export const LONGEST_IN_SENTENCE = 60;
export const LONGEST_NAME = 100;
export const LONGEST_ADDRESS = 254;

export function readingOf({ locale, timeZone }: Reading) {
  const { language, dates } = localeOf(locale);
  const zone = parseTimeZone(timeZone);
  const moments = momentsIn(dates, zone.ok ? zone.value : DEFAULT_TIME_ZONE);
  return { language, dates, words: WORDS[language], moments };
}

/** What the deployment says, with what it names; nothing where it says nothing. */
export function ownFooter(
  { footer }: Reading,
  { keyId = '', keyName, owner = '' }: About,
  { quotes }: Words,
): readonly string[] {
  if (!footer) return [];
  const name = keyName === undefined ? '' : theirs(keyName, LONGEST_NAME, quotes);
  return [fillFooter(footer, { keyId, keyName: name, owner: plainly(owner, LONGEST_ADDRESS) })];
}
