/** How a mail looks, in HTML and in text, from the same words: for mail programs on phones and desks, light and dark. */

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailContent {
  readonly subject: string;
  /** What happened, then what to do and by when: what a list of mails shows of it. */
  readonly lead: readonly [happened: string, toDo: string];
  /** The one link. */
  readonly action: { readonly label: string; readonly url: string };
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly notes: readonly string[];
  readonly footer: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string);

/** Characters that turn the reading direction around could make a name say something else in the sentence around it. */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Words of others, on one line and in marks, so that they are seen to be theirs. */
export const quoted = (words: string): string =>
  `“${words.replace(TURNING, '').replace(/\s+/g, ' ').trim()}”`;

export const mailOf = (content: MailContent): Mail => ({
  subject: content.subject,
  text: textOf(content),
  html: htmlOf(content),
});

function textOf({ lead, action, facts, notes, footer }: MailContent): string {
  const widest = Math.max(0, ...facts.map(([name]) => name.length));
  const table = facts.map(([name, value]) => `${`${name}:`.padEnd(widest + 2)}${value}`).join('\n');
  return `${[
    lead.join('\n'),
    `${action.label}:\n${action.url}`,
    table,
    notes.map((note) => `- ${note}`).join('\n'),
    `-- \n${footer}`,
  ].join('\n\n')}\n`;
}

/** Styles stand on each element, since many programs drop a sheet; the sheet only turns the colours for the dark. */
const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.page{background:#14171a!important}.card{background:#1f2428!important;border-color:#39424a!important}.ink{color:#eef1f3!important}.dim{color:#a9b4bd!important}.rule{border-color:#39424a!important}.button{background:#6cb6ff!important;border-color:#6cb6ff!important;color:#0b1a2b!important}.url{color:#8cc8ff!important}}
@media (max-width:480px){.card{padding:24px 20px!important;border-radius:0!important;border-width:1px 0!important}.page{padding:0!important}.name{display:block!important;width:auto!important;padding-bottom:0!important;border-bottom:0!important}.value{display:block!important;padding-top:0!important}.button{display:block!important;text-align:center!important}}`;
const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const INK = `margin:0;${FONT};font-size:16px;line-height:1.5;color:#1c2126`;
const DIM = `margin:0;${FONT};font-size:14px;line-height:1.5;color:#57626b`;

function htmlOf({ subject, lead, action, facts, notes, footer }: MailContent): string {
  const [happened, toDo] = lead.map(escaped);
  const url = escaped(action.url);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${escaped(subject)}</title><style>${STYLE}</style></head>
<body class="page" style="margin:0;padding:0;background:#eef1f4">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#eef1f4;padding:24px 12px"><tr><td align="center">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px"><tr><td class="card" style="background:#ffffff;border:1px solid #d5dbe0;border-radius:8px;padding:32px">
<p class="ink" style="${INK}"><strong>${happened}</strong></p>
<p class="ink" style="${INK};padding:8px 0 24px">${toDo}</p>
<a class="button" href="${url}" style="display:inline-block;background:#0b5cad;border:1px solid #0b5cad;border-radius:6px;padding:12px 28px;${FONT};font-size:16px;font-weight:600;line-height:1.5;color:#ffffff;text-decoration:none">${escaped(action.label)}</a>
<p class="dim" style="${DIM};padding:16px 0 0">If the button does nothing, open this address:</p>
<p style="${DIM};padding:0 0 24px;word-break:break-all"><a class="url" href="${url}" style="color:#0b5cad">${url}</a></p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">${facts.map(factRow).join('')}</table>
${notes.map((note) => `<p class="ink" style="${INK};padding:16px 0 0">${escaped(note)}</p>`).join('\n')}
</td></tr><tr><td style="padding:16px 32px 8px"><p class="dim" style="${DIM};font-size:13px">${escaped(footer)}</p></td></tr></table>
</td></tr></table>
</body></html>
`;
}

const factRow = ([name, value]: readonly [string, string]): string =>
  `<tr><td class="dim rule name" valign="top" style="${DIM};width:150px;padding:8px 12px 8px 0;border-bottom:1px solid #e3e8ec">${escaped(name)}</td><td class="ink rule value" valign="top" style="${INK};font-size:14px;padding:8px 0;border-bottom:1px solid #e3e8ec;word-break:break-word">${escaped(value)}</td></tr>`;
