/** The HTML of a mail. */
import type { MailContent, MailTable } from './mail-layout.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string);

/** Styles stand on each element, since many programs drop a sheet; the sheet only turns the colours for the dark. */
const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.page{background:#14171a!important}.card{background:#1f2428!important;border-color:#39424a!important}.urgent{border-top-color:#ff8a80!important}.ink{color:#eef1f3!important}.dim{color:#a9b4bd!important}.rule{border-color:#39424a!important}.button{background:#6cb6ff!important}.label{color:#0b1a2b!important}.url{color:#8cc8ff!important}}
@media (max-width:480px){.card{padding:24px 20px!important;border-radius:0!important;border-left-width:0!important;border-right-width:0!important}.edge{padding:0!important}.foot{padding:16px 20px 24px!important}.name{display:block!important;width:auto!important;padding-bottom:0!important;border-bottom:0!important}.value{display:block!important;padding-top:0!important}.press{width:100%!important}.label{display:block!important;text-align:center!important}}`;
const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const INK = `margin:0;${FONT};font-size:16px;line-height:1.5;color:#1c2126`;
const DIM = `margin:0;${FONT};font-size:14px;line-height:1.5;color:#57626b`;
const SMALL = `${DIM};font-size:13px`;
const LINE = 'border-bottom:1px solid #e3e8ec';
const META = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><meta name="format-detection" content="telephone=no, date=no, address=no, email=no">`;
/** The Word engine of Outlook on Windows knows no largest width, and falls back to a serif. */
const FOR_WORD = {
  style:
    "<!--[if mso]><style>h1,p,a,td,th,div,caption{font-family:'Segoe UI',Arial,sans-serif!important}</style><![endif]-->",
  open: '<!--[if mso]><table role="presentation" width="600" align="center" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->',
  close: '<!--[if mso]></td></tr></table><![endif]-->',
};
const TABLE = 'width="100%" cellpadding="0" cellspacing="0" border="0"';

export function htmlOf(content: MailContent): string {
  const { language, subject, lead, urgent, facts, notes } = content;
  const [happened, toDo] = lead.map(escaped);
  const edge = urgent ? ';border-top:4px solid #b3261e' : '';
  return `<!doctype html>
<html lang="${language}"><head>${META}<title>${escaped(subject)}</title><style>${STYLE}</style>${FOR_WORD.style}</head>
<body class="page" style="margin:0;padding:0;background:#eef1f4">
${previewOf(toDo)}<table role="presentation" class="page" ${TABLE} style="background:#eef1f4"><tr><td class="edge" align="center" style="padding:24px 12px">
${FOR_WORD.open}<table role="presentation" ${TABLE} style="max-width:600px"><tr><td role="main" class="card${urgent ? ' urgent' : ''}" style="background:#ffffff;border:1px solid #d5dbe0${edge};border-radius:8px;padding:32px">
<h1 class="ink" style="${INK};font-size:18px;line-height:1.4;font-weight:600;overflow-wrap:anywhere">${happened}</h1>
<p class="ink" style="${INK};margin:10px 0 24px;overflow-wrap:anywhere">${toDo}</p>
${actionOf(content)}${tableOf(content.table)}<table role="presentation" ${TABLE}>${facts.map(factRow).join('')}</table>
${notes.map((note) => `<p class="ink" style="${INK};font-size:15px;margin:16px 0 0;overflow-wrap:anywhere">${escaped(note)}</p>`).join('\n')}
</td></tr><tr><td role="contentinfo" class="foot" style="padding:16px 32px 8px">${footerOf(content)}</td></tr></table>${FOR_WORD.close}
</td></tr></table>
</body></html>
`;
}

/** What a list of mails shows beside the subject, which has said what happened: what to do. */
const previewOf = (toDo: string | undefined): string =>
  `<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${toDo}</div>\n`;

function actionOf({ action }: MailContent): string {
  if (!action) return '';
  const url = escaped(action.url);
  return `<table role="presentation" class="press" cellpadding="0" cellspacing="0" border="0"><tr><td class="button" bgcolor="#0b5cad" style="background:#0b5cad;border-radius:6px;mso-padding-alt:12px 28px"><a class="label" href="${url}" style="display:inline-block;padding:12px 28px;${FONT};font-size:16px;font-weight:600;line-height:1.5;color:#ffffff;text-decoration:none">${escaped(action.label)}</a></td></tr></table>
<p class="dim" style="${DIM};margin:16px 0 0">${escaped(action.otherwise)}</p>
<p style="${DIM};margin:0 0 24px;word-break:break-all"><a class="url" href="${url}" style="color:#0b5cad">${url}</a></p>
`;
}

const factRow = ([name, value]: readonly [string, string]): string =>
  `<tr><td class="dim rule name" valign="top" style="${DIM};width:150px;padding:8px 12px 8px 0;${LINE}">${escaped(name)}</td><td class="ink rule value" valign="top" style="${INK};font-size:14px;padding:8px 0;${LINE};overflow-wrap:anywhere">${escaped(value)}</td></tr>`;

function tableOf(table: MailTable | undefined): string {
  if (!table) return '';
  const heading = (text: string, width: string) =>
    `<th scope="col" class="dim rule" align="left" style="${SMALL};font-weight:400;width:${width};padding:8px 12px 8px 0;${LINE}">${escaped(text)}</th>`;
  const [who, what] = table.headings;
  return `<table ${TABLE} style="margin:0 0 24px;table-layout:fixed"><caption class="ink" style="${INK};font-weight:600;text-align:left">${escaped(table.caption)}</caption>
<tr>${heading(who, '58%')}${heading(what, '42%')}</tr>${table.rows.map(tableRow).join('')}</table>
`;
}

function tableRow({ who, what }: MailTable['rows'][number]): string {
  const cell = ([first, second]: readonly [string, string]) =>
    `<td class="rule" valign="top" style="padding:8px 12px 8px 0;${LINE};overflow-wrap:anywhere"><div class="ink" style="${INK};font-size:14px">${escaped(first)}</div><div class="dim" style="${SMALL}">${escaped(second)}</div></td>`;
  return `<tr>${cell(who)}${cell(what)}</tr>`;
}

function footerOf({ footer, leave }: MailContent): string {
  const lines = footer.map(
    (line) => `<p class="dim" style="${SMALL};margin:0 0 8px;overflow-wrap:anywhere">${escaped(line)}</p>`,
  );
  const link = leave
    ? `<p class="dim" style="${SMALL}">${escaped(leave.question)} <a class="url" href="${escaped(leave.url)}" style="color:#0b5cad;text-decoration:underline">${escaped(leave.label)}</a></p>`
    : '';
  return lines.join('') + link;
}
