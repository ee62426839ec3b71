/** What a deployment says below each of its mails: words of its own, with a few facts of the mail in them. */
import { type Checked, refused } from './checked.ts';
import { parseFreeText } from './free-text.ts';

export const FOOTER_VARIABLES = ['keyId', 'keyName', 'owner'] as const;
export type FooterVariable = (typeof FOOTER_VARIABLES)[number];

const LONGEST_FOOTER = 500;
const VARIABLE = /\{\{\s*([^{}]*?)\s*\}\}/g;
const NAMES = FOOTER_VARIABLES.map((name) => `{{${name}}}`).join(', ');

/** A variable that is not known would be read by every owner: it is refused when the stack is written. */
export function parseFooter(value: unknown, what: string): Checked<string> {
  const text = parseFreeText(value, what, LONGEST_FOOTER);
  if (!text.ok) return text;
  for (const [whole, name = ''] of text.value.matchAll(VARIABLE)) {
    if (!isVariable(name))
      return refused(`${what} has a variable '${whole}' that is not known.`, `It may have ${NAMES}.`);
  }
  const rest = text.value.replace(VARIABLE, '');
  if (!/\{\{|\}\}/.test(rest)) return text;
  return refused(
    `${what} '${text.value}' has braces that open or close no variable.`,
    `Write variables as ${NAMES}, and leave other double braces out.`,
  );
}

/** @param footer that has passed `parseFooter`; what is put in is not looked through for variables again */
export const fillFooter = (footer: string, values: Readonly<Record<FooterVariable, string>>): string =>
  footer.replace(VARIABLE, (whole, name: string) => (isVariable(name) ? values[name] : whole));

const isVariable = (name: string): name is FooterVariable =>
  (FOOTER_VARIABLES as readonly string[]).includes(name);
