/** The head of every page that people read: no referrer, no index, both colour schemes. */
import { Html, html } from './page-html.ts';

export interface PageHead {
  readonly title: string;
  readonly style: string;
  /** A content security policy, for a page that no header comes with. */
  readonly policy?: string;
}

/** A telephone number is what a phone would make of digits in a key. */
export const pageHead = ({ title, style, policy }: PageHead): Html => html`<head>
<meta charset="utf-8">
${policy === undefined ? undefined : policyMeta(policy)}<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<style>${new Html(style)}</style>
</head>`;

const policyMeta = (
  policy: string,
): Html => html`<meta http-equiv="Content-Security-Policy" content="${policy}">
`;
