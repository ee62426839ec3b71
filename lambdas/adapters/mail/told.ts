/** What a template makes of a notice, before it is laid out. */
import type { MailFacts } from '../../core/domain/notice.ts';
import type { Moments } from './moments.ts';
import type { Said, Way, Words } from './words.ts';

export interface Telling {
  readonly facts: MailFacts;
  readonly way: Way;
  readonly words: Words;
  readonly said: Said;
  readonly moments: Moments;
  /** A number as the locale writes it. */
  readonly count: (number: number) => string;
}

export interface Told {
  readonly subject: string;
  readonly happened: string;
  readonly toDo: string;
  /** Somebody must act now. */
  readonly urgent?: boolean;
  /** Rows of its own, below those that every mail has. */
  readonly facts: readonly Fact[];
  readonly notes: readonly string[];
  readonly stragglers?: boolean;
}

export type Fact = readonly [name: string, value: string];

/** One kind of mail. */
export type Template = (telling: Telling) => Told;

/** What is said after a sentence that has named the moment, which would be long to read twice. */
export const afterIt = ({ said, words }: Telling): Said => ({
  ...said,
  by: said.on ? words.byThen : said.by,
});

/** Several sentences, one after the other; those that are not said are left out. */
export const together = (...sentences: readonly (string | false | undefined)[]): string =>
  sentences.filter(Boolean).join(' ');

/** Rows or sentences that there are. */
export const those = <Item>(...items: readonly (Item | false | undefined)[]): readonly Item[] =>
  items.filter((item): item is Item => item !== false && item !== undefined);
