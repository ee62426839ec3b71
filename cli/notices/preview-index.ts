/** The page that lists previewed mails by their subjects, as a mailbox would. */
import type { PreviewedMail } from './write-preview.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ESCAPES[character] as string);

const STYLE = `:root{color-scheme:light dark}
body{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem;font:1rem/1.5 system-ui,sans-serif}
h2{margin:2rem 0 .5rem;font-size:1.125rem}
ul{margin:0;padding:0;list-style:none}
li{padding:.5rem 0;border-bottom:1px solid light-dark(#d9ddd8,#343c41);overflow-wrap:anywhere}
small{display:block;color:light-dark(#565e66,#a7b0b5)}
a{color:light-dark(#0b5cad,#8cc8ff)}`;

export function previewIndex(mails: readonly PreviewedMail[], locale: string): string {
  const kinds = [...new Set(mails.map(({ kind }) => kind))];
  const sections = kinds.map((kind) => {
    const items = mails.filter((mail) => mail.kind === kind).map(itemOf);
    return `<h2>${kind}</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Mails of Keyturn</title><style>${STYLE}</style></head>
<body><main><h1>Mails of Keyturn, locale ${escaped(locale)}</h1>
<p>Made-up examples: none of these keys exists.</p>
${sections.join('\n')}
</main></body></html>
`;
}

const itemOf = ({ name, subject, files }: PreviewedMail): string =>
  `<li><a href="${files.html}">${escaped(subject)}</a><small>${name} · <a href="${files.text}">text</a> · <a href="${files.eml}">eml</a></small></li>`;
