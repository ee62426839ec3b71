/** What every page has around its words. */

import { Html, html, type Part } from '../../page-html.ts';
import { STYLE } from '../../page-style.ts';
import { COPY_SCRIPT } from './copy-script.ts';

export interface Page {
  /** Also the page's heading. Says nothing of a key: it stays in the browser's history. */
  readonly title: string;
  readonly body: Html;
  /** Whether something is wrong. */
  readonly alarming?: boolean;
  /** Whether there is a key to copy on it. */
  readonly copies?: boolean;
}

const KEY = html`<svg class="mark" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><circle cx="7.5" cy="15.5" r="4.5"/><path d="m10.7 12.3 9.8-9.8M16 7l3 3M19 4l2.5 2.5"/></svg>`;
const SIGN = html`<svg class="mark" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d="M12 3 2.5 20h19L12 3Z"/><path d="M12 10v4.5M12 17.3v.01"/></svg>`;

/** A telephone number is what a phone would make of digits in a key. */
export const documentOf = ({ title, body, alarming, copies }: Page): string =>
  html`<!doctype html>
<html lang="en">
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
${alarming ? SIGN : KEY}
<h1>${title}</h1>
${body}
</div>
</main>
${copies ? html`<script>${new Html(COPY_SCRIPT)}</script>` : undefined}
</body>
</html>
`.text;

/** A form that sends one word to the address of the page itself, wherever that stands. */
export const press = (action: string, words: string, kind?: 'alarm'): Html =>
  html`<form method="post"><button type="submit" name="action" value="${action}"${attribute('class', kind)}>${words}</button></form>`;

const attribute = (name: string, value: Part): Part =>
  value === undefined ? undefined : html` ${new Html(name)}="${value}"`;
