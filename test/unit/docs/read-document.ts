/** Simple readings of Markdown and of TypeScript interfaces, enough to hold one against the other. */

/** The code blocks of a language. */
export const codeBlocks = (markdown: string, language: string): readonly string[] =>
  [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, code]) => code as string,
  );

/** The code within sentences and tables. */
export const inlineCode = (markdown: string): readonly string[] =>
  [...withoutCode(markdown).matchAll(/`([^`]+)`/g)].map(([, code]) => code as string);

/** Targets of links within the repository. */
export const linksOf = (markdown: string): readonly string[] =>
  [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target as string)
    .filter((target) => !/^[a-z]+:/.test(target));

/** The anchors that GitHub gives to headings. */
export const anchorsOf = (markdown: string): readonly string[] =>
  [...withoutCode(markdown).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/**
 * The cells of the first table after a text.
 *
 * @param withHead whether the head row is the first of the rows
 */
export function tableUnder(markdown: string, text: string, withHead = false): string[][] {
  const start = markdown.indexOf(text);
  if (start === -1) throw new Error(`'${text}' is not in the document.`);
  const [table = ''] = /(?:^\|.*\n)+/m.exec(markdown.slice(start)) ?? [];
  const rows = table
    .trim()
    .split('\n')
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  return withHead ? [rows[0] as string[], ...rows.slice(2)] : rows.slice(2);
}

/** The members of an interface, each with what its comment states as `Default: …`, or `–`. */
export function propsOf(source: string, name: string): Readonly<Record<string, string>> {
  const [, body] =
    new RegExp(`^export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, 'm').exec(source) ?? [];
  if (body === undefined) throw new Error(`There is no interface '${name}'.`);
  const members = [...body.matchAll(/(?:^ {2}\/\*\*([\s\S]*?)\*\/\n)?^ {2}readonly (\w+)\??:/gm)];
  return Object.fromEntries(members.map(([, comment = '', member]) => [member, defaultIn(comment)]));
}

function defaultIn(comment: string): string {
  const text = comment.replaceAll(/\s*\n\s*\* ?/g, ' ');
  return /Default: (.*?)\.(?: |$)/.exec(text.trim())?.[1] ?? '–';
}

const withoutCode = (markdown: string): string => markdown.replaceAll(/^```[\s\S]*?^```$/gm, '');
