/** The pages, as HTTP answers that nobody may keep, frame, index, or follow back. */
import { createHash } from 'node:crypto';
import type { Language } from '../../../rules/mail-locale.ts';
import type { Leaving } from '../../core/domain/unsubscribe-link.ts';
import { Html, html } from '../page-html.ts';
import { STYLE } from '../page-style.ts';
import { PAGE_WORDS } from './words.ts';

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
};

export function askPage(language: Language, leaving: Leaving): HttpAnswer {
  const { about, ask, still } = PAGE_WORDS[language];
  const text = ask.text(about[leaving.kind]);
  return page(
    200,
    language,
    ask.title,
    html`${lines(leaving.address, text, still)}${press('leave', ask.button)}`,
  );
}

export function leftPage(language: Language, leaving: Leaving): HttpAnswer {
  const { about, left, still } = PAGE_WORDS[language];
  const text = left.text(about[leaving.kind]);
  return page(
    200,
    language,
    left.title,
    html`${lines(leaving.address, text, still)}${press('return', left.button)}`,
  );
}

export function backPage(language: Language, leaving: Leaving): HttpAnswer {
  const { about, back, ask } = PAGE_WORDS[language];
  const text = back.text(about[leaving.kind]);
  return page(200, language, back.title, html`${lines(leaving.address, text)}${press('leave', ask.button)}`);
}

export const wrongPage = (language: Language): HttpAnswer => plainPage(404, language, 'wrong');

export const faultPage = (language: Language): HttpAnswer => plainPage(500, language, 'fault');

function plainPage(statusCode: number, language: Language, which: 'wrong' | 'fault'): HttpAnswer {
  const { title, text } = PAGE_WORDS[language][which];
  return page(statusCode, language, title, html`<p>${text}</p>`);
}

const lines = (address: string, text: string, still?: string): Html =>
  html`<p><strong><bdi>${address}</bdi></strong></p><p>${text}</p>${still ? html`<p class="quiet">${still}</p>` : undefined}`;

/** A form that sends one word to the address of the page itself. */
const press = (action: string, words: string): Html =>
  html`<form method="post"><button type="submit" name="action" value="${action}">${words}</button></form>`;

const page = (statusCode: number, language: Language, title: string, body: Html): HttpAnswer => ({
  statusCode,
  headers: HEADERS,
  body: html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
<div class="sheet">
<h1>${title}</h1>
${body}
</div>
</main>
</body>
</html>
`.text,
});
