/** How a mail looks, in HTML and in text, from the same words: for mail programs on phones and desks, light and dark. */
import { htmlOf } from './mail-html.ts';

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailContent {
  /** Of the words: `en`. */
  readonly language: string;
  readonly subject: string;
  /** What happened, then what to do and by when: what a list of mails shows of it. */
  readonly lead: readonly [happened: string, toDo: string];
  /** Whether somebody must act now. */
  readonly urgent?: boolean;
  /** The one link, where there is something to open. `otherwise`: where a button does nothing. */
  readonly action?: { readonly label: string; readonly url: string; readonly otherwise: string };
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly table?: MailTable;
  readonly notes: readonly string[];
  readonly footer: readonly string[];
  /** Where whoever needs no such mails unsubscribes. */
  readonly leave?: { readonly question: string; readonly label: string; readonly url: string };
}

/** Two columns, each of two lines. */
export interface MailTable {
  readonly caption: string;
  readonly headings: readonly [who: string, what: string];
  readonly rows: readonly { readonly who: Lines; readonly what: Lines }[];
}

type Lines = readonly [first: string, second: string];

export const mailOf = (content: MailContent): Mail => ({
  subject: content.subject,
  text: textOf(content),
  html: htmlOf(content),
});

/** A word and its colon: in French a space that does not break stands between. */
const withColon = (language: string, words: string): string =>
  `${words}${language === 'fr' ? '\u00a0' : ''}:`;

function textOf({ language, lead, action, facts, table, notes, footer, leave }: MailContent): string {
  const named = (words: string) => withColon(language, words);
  const widest = Math.max(0, ...facts.map(([name]) => named(name).length));
  const parts = [
    lead.join('\n'),
    action && `${named(action.label)}\n${action.url}`,
    table && `${named(table.caption)}\n${table.rows.map(textRow).join('\n')}`,
    facts.map(([name, value]) => `${named(name).padEnd(widest + 1)}${value}`).join('\n'),
    notes.map((note) => `- ${note}`).join('\n'),
    `-- \n${footer.join('\n')}`,
    leave && `${leave.question} ${named(leave.label)}\n${leave.url}`,
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

const textRow = ({ who, what }: MailTable['rows'][number]): string =>
  `- ${who.join(', ')}\n  ${what.join(', ')}`;
