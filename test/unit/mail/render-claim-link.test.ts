/** The mail that brings a claim link, as its reader finds it. */
import { describe, expect, it } from 'vitest';
import { sampleLinks } from '../../../cli/notices/sample-links.ts';
import { WORDS } from '../../../lambdas/adapters/mail/languages.ts';
import { momentsIn } from '../../../lambdas/adapters/mail/moments.ts';
import type { Reading } from '../../../lambdas/adapters/mail/reading.ts';
import { renderClaimLink } from '../../../lambdas/adapters/mail/render-claim-link.ts';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';
import type { ClaimLink } from '../../../lambdas/core/ports/key-place.ts';
import { LANGUAGES } from '../../../rules/mail-locale.ts';
import { NOW_MS } from './mail-notices.ts';

const URL_TEXT = 'https://keys.example.com/claim/FF05xY0L9hQm/Zq8Yq1m6tW3nUuJ2d5cV7xK4rP9bN0sLhGfEwDaQiOy';
/** Whether there is a comma after the day of the week depends on the version of Node. */
const { full, brief } = momentsIn('en-GB', 'UTC');
const BY = full(Date.parse('2026-11-30T14:00:00Z'));
const BRIEFLY = brief(Date.parse('2026-11-30T14:00:00Z'));
const END = full(Date.parse('2026-11-26T14:00:00Z'));
const ENDS_AT_MS = Date.parse('2026-11-26T14:00:00Z');

const mail = (changes: Partial<ClaimLink> = {}, reading: Partial<Reading> = {}) =>
  renderClaimLink(
    {
      to: 'team@example.com',
      keyId: 'FF05xY0L9hQm',
      keyName: 'Search agent',
      environment: 'live',
      version: 2,
      url: new Plaintext(URL_TEXT),
      tokenHash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
      expiresAtMs: Date.parse('2026-11-30T14:00:59Z'),
      previous: { state: 'ends', atMs: ENDS_AT_MS },
      again: false,
      ...changes,
    },
    { locale: 'en', timeZone: 'UTC', ...reading },
  );

const linksIn = (html: string): string[] =>
  [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, url]) => url as string);

/** What a mail program shows of HTML. */
const shownOf = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

it('tells moments as people write them, to the minute that has begun', () => {
  expect(BY).toMatch(/^Monday,? 30 November 2026, 14:00\sUTC$/);
  expect(full(Date.parse('2026-12-31T23:59:59.999Z'))).toMatch(/^Thursday,? 31 December 2026, 23:59\sUTC$/);
  expect(full(Date.parse('2028-02-29T00:00:00Z'))).toMatch(/^Tuesday,? 29 February 2028, 00:00\sUTC$/);
});

it('says in its subject and its first two lines what happened, what to do and by when', () => {
  const { subject, text } = mail();
  expect(subject).toBe(`Your new API key for “Search agent” is waiting: collect it by ${BRIEFLY}`);
  expect(text.split('\n').slice(0, 2)).toEqual([
    'There is a new API key for “Search agent”.',
    `Open the link below by ${BY}, and put the key where your client reads it. The key that you use now is due to end on ${END}.`,
  ]);
});

it.each<[string, Partial<ClaimLink>, string, RegExp]>([
  [
    'a first key',
    { version: 1, previous: undefined as never },
    `Your API key for “Search agent” is waiting: collect it by ${BRIEFLY}`,
    /^An API key was issued to you: “Search agent”\.\nOpen .* client reads it\.\n/,
  ],
  [
    'a reminder',
    { again: true },
    `Reminder: collect your new API key for “Search agent” by ${BRIEFLY}`,
    /^The new API key for “Search agent” is still waiting for you: nobody has collected it yet\.\n/,
  ],
  [
    'an emergency',
    { previous: { state: 'refused-at', atMs: ENDS_AT_MS } },
    `Your new API key for “Search agent” is waiting: collect it by ${BRIEFLY}`,
    new RegExp(`is refused from ${END} on, whether or not you have collected the new one\\.\n`),
  ],
  [
    'an immediate emergency',
    { previous: { state: 'refused' } },
    `Your new API key for “Search agent” is waiting: collect it by ${BRIEFLY}`,
    /The key before it is already refused: your client works again once it has this one\.\n/,
  ],
])('says of %s how things stand', (_what, changes, subject, lead) => {
  const { previous, ...rest } = changes;
  const own = mail({ ...rest, ...('previous' in changes ? { previous: previous as never } : {}) });
  expect(own.subject).toBe(subject);
  expect(own.text).toMatch(lead);
});

it('tells a reader who got a link before that it does not work any more, and no other', () => {
  expect(mail({ again: true }).text).toContain('Any link that you got earlier no longer works.');
  expect(mail().text).not.toContain('earlier');
});

describe('the HTML', () => {
  it('says all that the text says', () => {
    const { html, text } = mail({ again: true });
    const shown = shownOf(html).replace(/\s+/g, ' ');
    for (const line of text.split('\n').filter((each) => each && each !== '-- ')) {
      for (const part of line.replace(/^- /, '').split(/: {1,}/)) {
        expect(shown).toContain(part.replace(/:$/, '').replace(/\s+/g, ' ').trim());
      }
    }
  });

  it('has one link, as a button and as an address that can be read, and loads nothing', () => {
    const { html, text } = mail();
    expect(linksIn(html)).toEqual([URL_TEXT, URL_TEXT]);
    expect(html).toContain(`>${URL_TEXT}</a>`);
    expect(text.split('\n')).toContain(URL_TEXT);
    expect(html).not.toMatch(/<img|<script|<link|<iframe|url\(|@import|@font-face/i);
  });

  it('fits a phone and follows the dark', () => {
    const { html } = mail();
    expect(html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(html).toContain('prefers-color-scheme:dark');
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
  });

  it('takes a name for words, whatever stands in it', () => {
    const keyName = `<a href="https://evil.example">Bob's & "Co"</a><img src=x onerror=alert(1)>`;
    const { html, subject, text } = mail({ keyName });
    expect(linksIn(html)).toEqual([URL_TEXT, URL_TEXT]);
    expect(html).not.toContain('<img');
    const shown = keyName.replace('://', '[:]//');
    expect(shownOf(html)).toContain(`“${shown}”`);
    expect(text).toContain(shown);
    expect(subject).toContain(`“${shown.slice(0, 60).trimEnd()}…”`);
  });

  it('lets no name break its line or turn the reading direction', () => {
    const { subject, text } = mail({ keyName: 'a\r\nBcc: x@example.com\u202e\u2066 end ' });
    expect(subject).not.toMatch(/[\r\n\u202e\u2066]/);
    expect(subject).toContain('“a Bcc: x@example.com end”');
    expect(text.split('\n')[0]).toBe('There is a new API key for “a Bcc: x@example.com end”.');
  });
});

/** Left over where a fact was missing, or a sentence was put together badly. */
const BROKEN = /undefined|null|NaN|Invalid|\[object|\$\{|\{\{| {2}[^ ]|\s[.,](\s|$)|\.\./;

describe.each(LANGUAGES)('in %s', (locale) => {
  const { claimLink: words, neverHere } = WORDS[locale];

  it.each(sampleLinks(NOW_MS).map(({ name, link }) => [name, link] as const))('%s', (_name, link) => {
    const own = renderClaimLink(link, { locale, timeZone: 'Europe/Berlin' });
    const [happened = '', toDo = ''] = own.text.split('\n');
    expect(own.subject.length).toBeLessThanOrEqual(120);
    expect(`${own.subject}\n${happened}\n${toDo}`).not.toMatch(BROKEN);
    for (const told of [own.subject, happened]) expect(told).toContain('Search agent');
    expect(own.subject).toMatch(/30.*15:00/);
    expect(toDo).toMatch(/30.*15:00.*\(14:00\sUTC\)/);
    for (const note of [words.once, words.takenByOther, words.another, words.why, neverHere]) {
      expect(own.text).toContain(note);
      expect(shownOf(own.html)).toContain(note);
    }
    expect(own.text.includes(words.earlierLink)).toBe(link.again);
    expect(own.html).toContain(`<html lang="${locale}">`);
    expect(linksIn(own.html)).toEqual([link.url.reveal(), link.url.reveal()]);
  });

  it('says something else in each case', () => {
    const told = sampleLinks(NOW_MS).map(({ link }) => renderClaimLink(link, { locale, timeZone: 'UTC' }));
    expect(new Set(told.map(({ text }) => text)).size).toBe(told.length);
  });
});

describe('its reader', () => {
  it.each([
    ['de', 'Europe/Berlin', 'Montag, 30. November 2026, 15:00\u00a0MEZ (14:00\u00a0UTC)'],
    ['fr', 'Europe/Paris', 'lundi 30 novembre 2026, 15:00\u00a0UTC+1 (14:00\u00a0UTC)'],
    ['es', 'Europe/Madrid', 'lunes, 30 de noviembre de 2026, 15:00\u00a0CET (14:00\u00a0UTC)'],
    ['en-US', 'America/New_York', 'Monday, November 30, 2026, 9:00\u00a0AM\u00a0EST (2:00\u00a0PM\u00a0UTC)'],
  ])('of %s in %s is told by when by both clocks', (locale, timeZone, by) => {
    const { text } = mail({}, { locale, timeZone });
    expect(text.split('\n')[1]).toContain(by);
  });

  it('reads English, in UTC, where what is stored is not known', () => {
    expect(mail({}, { locale: 'tlh', timeZone: 'Mars/Olympus' })).toEqual(mail());
  });

  it('finds the deployment’s footer, with what it names', () => {
    const { html, text } = mail(
      { keyName: 'A <b>' },
      { footer: '{{keyName}} ({{keyId}}) of {{owner}}: help' },
    );
    expect(text).toContain('“A <b>” (FF05xY0L9hQm) of team@example.com: help');
    expect(html).toContain('“A &lt;b&gt;” (FF05xY0L9hQm)');
  });

  it('finds no key that somebody wrote into the name', () => {
    const { html, subject, text } = mail({ keyName: `mk_live_FF05xY0L9hQm_${'a'.repeat(49)}` });
    expect(html + subject + text).not.toContain('aaaaaa');
  });
});
