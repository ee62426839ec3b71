/** The pages, as HTTP answers. */
import type { Language } from '../../../rules/mail-locale.ts';
import type { Leaving } from '../../core/domain/unsubscribe-link.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { pageDocument, press } from '../page-document.ts';
import { pageHeaders } from '../page-headers.ts';
import { type Html, html } from '../page-html.ts';
import { PAGE_WORDS } from './words.ts';

const HEADERS = pageHeaders();

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

const page = (statusCode: number, language: Language, title: string, body: Html): HttpAnswer => ({
  statusCode,
  headers: HEADERS,
  body: pageDocument({ language, title, body }),
});
