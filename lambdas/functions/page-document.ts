/** What every page has around its words. */
import { Html, html, type Part } from './page-html.ts';
import { STYLE } from './page-style.ts';

export interface PageDocument {
  readonly language: string;
  /** Also the page's heading. It stays in the browser's history. */
  readonly title: string;
  readonly body: Html;
  /** A drawing above the heading. */
  readonly mark?: Html;
  /** Whether something is wrong. */
  readonly alarming?: boolean | undefined;
  readonly script?: string | undefined;
}

/** A telephone number is what a phone would make of digits in a key. */
export const pageDocument = ({ language, title, body, mark, alarming, script }: PageDocument): string =>
  html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
<div class="sheet${alarming ? ' alarming' : ''}">
${mark}
<h1>${title}</h1>
${body}
</div>
</main>
${script === undefined ? undefined : html`<script>${new Html(script)}</script>`}
</body>
</html>
`.text;

/** A form that sends one word to the address of the page itself, wherever that stands. */
export const press = (action: string, words: string, kind?: 'alarm'): Html =>
  html`<form method="post"><button type="submit" name="action" value="${action}"${attribute('class', kind)}>${words}</button></form>`;

const attribute = (name: string, value: Part): Part =>
  value === undefined ? undefined : html` ${new Html(name)}="${value}"`;
