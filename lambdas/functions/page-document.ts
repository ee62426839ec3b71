/** What every page has around its words. */
import { pageHead } from './page-head.ts';
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

export const pageDocument = ({ language, title, body, mark, alarming, script }: PageDocument): string =>
  html`<!doctype html>
<html lang="${language}">
${pageHead({ title, style: STYLE })}
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
