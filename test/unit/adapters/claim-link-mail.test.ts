/** The mail that brings a claim link, as its reader finds it. */
import { describe, expect, it } from 'vitest';
import { claimLinkMail } from '../../../lambdas/adapters/ses/claim-link-mail.ts';
import { mailTime } from '../../../lambdas/adapters/ses/mail-time.ts';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';
import type { ClaimLink } from '../../../lambdas/core/ports/key-place.ts';

const URL_TEXT = 'https://keys.example.com/claim/FF05xY0L9hQm/Zq8Yq1m6tW3nUuJ2d5cV7xK4rP9bN0sLhGfEwDaQiOy';
const BY = 'Monday 30 November 2026, 14:00 UTC';
const END = 'Thursday 26 November 2026, 14:00 UTC';
const ENDS_AT_MS = Date.parse('2026-11-26T14:00:00Z');

const mail = (changes: Partial<ClaimLink> = {}) =>
  claimLinkMail({
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
  });

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

it('says in its subject and its first two lines what happened, what to do and by when', () => {
  const { subject, text } = mail();
  expect(subject).toBe(`Your new API key for “Search agent” waits: take it by ${BY}`);
  expect(text.split('\n').slice(0, 2)).toEqual([
    'A new API key was made for “Search agent”.',
    `Open the link below by ${BY}, and put the key where your client reads it. The key that you use now is to end on ${END}.`,
  ]);
});

it.each<[string, Partial<ClaimLink>, string, RegExp]>([
  [
    'a first key',
    { version: 1, previous: undefined as never },
    `Your API key for “Search agent” waits: take it by ${BY}`,
    /^An API key was made for you for “Search agent”\.\nOpen .* client reads it\.\n/,
  ],
  [
    'a reminder',
    { again: true },
    `Reminder: your new API key for “Search agent” waits: take it by ${BY}`,
    /^The new API key for “Search agent” waits for you still: nobody has taken it yet\.\n/,
  ],
  [
    'an emergency',
    { previous: { state: 'refused-at', atMs: ENDS_AT_MS } },
    `Your new API key for “Search agent” waits: take it by ${BY}`,
    new RegExp(`is refused from ${END} on, whether you have taken the new one or not\\.\n`),
  ],
  [
    'an immediate emergency',
    { previous: { state: 'refused' } },
    `Your new API key for “Search agent” waits: take it by ${BY}`,
    /The key before it is refused already: your client works again once it has this one\.\n/,
  ],
])('says of %s how things stand', (_what, changes, subject, lead) => {
  const { previous, ...rest } = changes;
  const own = mail({ ...rest, ...('previous' in changes ? { previous: previous as never } : {}) });
  expect(own.subject).toBe(subject);
  expect(own.text).toMatch(lead);
});

it('tells a reader who got a link before that it does not work any more, and no other', () => {
  expect(mail({ again: true }).text).toContain('A link that you got earlier does not work any more.');
  expect(mail().text).not.toContain('earlier');
});

describe('the HTML', () => {
  it('says all that the text says', () => {
    const { html, text } = mail({ again: true });
    const shown = shownOf(html).replace(/\s+/g, ' ');
    for (const line of text.split('\n').filter((each) => each && each !== '-- ')) {
      for (const part of line.replace(/^- /, '').split(/: {1,}/)) {
        expect(shown).toContain(part.replace(/:$/, '').trim());
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
    expect(shownOf(html)).toContain(`“${keyName}”`);
    expect(`${subject}${text}`).toContain(keyName);
  });

  it('lets no name break its line or turn the reading direction', () => {
    const { subject, text } = mail({ keyName: 'a\r\nBcc: x@example.com\u202e\u2066 end ' });
    expect(subject).not.toMatch(/[\r\n\u202e\u2066]/);
    expect(subject).toContain('“a Bcc: x@example.com end”');
    expect(text.split('\n')[0]).toBe('A new API key was made for “a Bcc: x@example.com end”.');
  });
});

it('never names a moment that is later than the one it is about', () => {
  expect(mailTime(Date.parse('2026-12-31T23:59:59.999Z'))).toBe('Thursday 31 December 2026, 23:59 UTC');
  expect(mailTime(Date.parse('2028-02-29T00:00:00Z'))).toBe('Tuesday 29 February 2028, 00:00 UTC');
});
