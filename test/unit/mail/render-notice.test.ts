/** The mails of the ten kinds, as their readers find them: every case, in every language. */
import { describe, expect, it } from 'vitest';
import { WORDS } from '../../../lambdas/adapters/mail/languages.ts';
import { isLeavable } from '../../../rules/mail-kinds.ts';
import { LANGUAGES } from '../../../rules/mail-locale.ts';
import { DELIVERIES } from '../../../rules/words.ts';
import {
  KEY_MAIL_KINDS,
  leadOf,
  mailOf,
  noticeOf,
  SAMPLES,
  shownOf,
  UNSUBSCRIBE_URL,
} from './mail-notices.ts';

const ZONE = 'Europe/Berlin';
const KEY_SHAPE = /[a-z0-9]{2,8}_(live|test)_[0-9A-Za-z]{12}_/;
/** Left over where a fact was missing, or a sentence was put together badly. */
const BROKEN = /undefined|null|NaN|Invalid|\[object|\$\{|\{\{| {2}[^ ]|\(\)|\s[.,](\s|$)|\.\./;

describe.each(LANGUAGES)('in %s', (locale) => {
  const words = WORDS[locale];

  it.each(SAMPLES.map(({ name, notice }) => [name, notice] as const))('%s', (_name, notice) => {
    const { subject, text, html } = mailOf(notice, { locale, timeZone: ZONE });
    const [happened, toDo] = leadOf(text);

    expect(subject).toMatch(/\S/);
    expect(subject.length).toBeLessThanOrEqual(150);
    expect(`${subject}\n${happened}\n${toDo}`).not.toMatch(BROKEN);
    expect(happened).toContain(notice.kind === 'webhook-disabled' ? 'hooks.example.com' : 'Search agent');
    expect(toDo.length).toBeGreaterThan(20);
    expect(text + html).not.toMatch(KEY_SHAPE);
    expect(html).toContain(`<html lang="${locale}">`);
    expect(html).not.toMatch(/<img|<script|<link|<iframe|url\(|@import|@font-face|src=/i);

    const shown = shownOf(html).replaceAll(', ', ' ');
    for (const line of text.split('\n').filter((each) => each.trim() && each !== '-- ')) {
      if (line === UNSUBSCRIBE_URL) continue;
      for (const part of line.replace(/^- /, '').split(/:(?:\s+|$)/)) {
        expect(shown).toContain(part.replaceAll(', ', ' ').replace(/\s+/g, ' ').trim());
      }
    }
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url);
    expect(links).toEqual(isLeavable(notice.kind) ? [UNSUBSCRIBE_URL.replaceAll('&', '&amp;')] : []);
    expect(text.match(/https?:\S+/g) ?? []).toEqual(isLeavable(notice.kind) ? [UNSUBSCRIBE_URL] : []);
    expect(text).toContain(words.neverHere);
  });

  it.each(KEY_MAIL_KINDS)('%s says something else for each delivery that must do something else', (kind) => {
    const todos = DELIVERIES.map(
      (delivery) => leadOf(mailOf(noticeOf(kind, { delivery }), { locale }).text)[1],
    );
    const differing =
      kind === 'received-elsewhere' ? 1 : kind === 'rolled-back' || kind === 'retired' ? 4 : 5;
    expect(new Set(todos).size).toBe(differing);
  });
});

it('sends nobody but the owner to look for a link: it went to the owner alone', () => {
  const notice = noticeOf('rotation-started', { delivery: 'claim-link' });
  for (const locale of LANGUAGES) {
    const [own, other] = ['TEAM@example.com', 'ops@example.com'].map(
      (recipient) => leadOf(mailOf({ ...notice, recipient }, { locale }).text)[1],
    );
    expect(own).toBe(leadOf(mailOf(notice, { locale }).text)[1]);
    expect(other).not.toBe(own);
  }
  expect(leadOf(mailOf({ ...notice, recipient: 'ops@example.com' }).text)[1]).toContain(
    'by email to its owner alone',
  );
});

it('says of a key that has ended by its policy alone that nobody waited for clients', () => {
  const note = 'Its policy allowed no further extension';
  expect(mailOf(noticeOf('retired', { decidedBy: 'policy' })).text).toContain(note);
  expect(mailOf(noticeOf('retired', { decidedBy: 'use' })).text).not.toContain(note);
});

/** The end of the sample's grace period, 72 hours on, as its reader reads it. */
describe.each([
  ['en', 'UTC', 'Thursday, 26 November 2026, 14:00\u00a0UTC'],
  ['en', ZONE, 'Thursday, 26 November 2026, 15:00\u00a0CET (14:00\u00a0UTC)'],
  ['de', ZONE, 'Donnerstag, 26. November 2026, 15:00\u00a0MEZ (14:00\u00a0UTC)'],
  ['fr', ZONE, 'jeudi 26 novembre 2026, 15:00\u00a0UTC+1 (14:00\u00a0UTC)'],
  ['es', ZONE, 'jueves, 26 de noviembre de 2026, 15:00\u00a0CET (14:00\u00a0UTC)'],
  ['en-US', 'America/New_York', 'Thursday, November 26, 2026, 9:00\u00a0AM\u00a0EST (2:00\u00a0PM\u00a0UTC)'],
  [
    'de-AT',
    'Pacific/Auckland',
    'Freitag, 27. November 2026, 03:00\u00a0GMT+13 (Donnerstag, 26. November 2026, 14:00\u00a0UTC)',
  ],
])('for a reader of %s in %s', (locale, timeZone, by) => {
  it('a rotation says in its second line by when, and its subject too', () => {
    const { subject, text } = mailOf(noticeOf('rotation-started'), { locale, timeZone });
    expect(leadOf(text)[1].replace('Thursday 26', 'Thursday, 26')).toContain(by);
    expect(subject).toMatch(/26|27/);
  });
});

it('an unknown locale or time zone in what is stored keeps no mail back: English, UTC', () => {
  const plain = mailOf(noticeOf('emergency'));
  expect(mailOf(noticeOf('emergency'), { locale: 'tlh', timeZone: 'Mars/Olympus' })).toEqual(plain);
});

it('writes times as the language does, and on one line with their zone', () => {
  const first = { oldEndsAtMs: Date.parse('2026-12-01T08:05:00Z') };
  const led = (locale: string, timeZone: string) =>
    leadOf(mailOf(noticeOf('rotation-started', first), { locale, timeZone }).text)[1];
  expect(led('fr', ZONE)).toContain('mardi 1er décembre 2026, 09:05\u00a0UTC+1');
  expect(led('fr-CA', 'America/Toronto')).toContain('mardi 1er décembre 2026, 03\u00a0h\u00a005\u00a0HNE');
  expect(led('de', ZONE)).toContain('1. Dezember 2026, 09:05\u00a0MEZ');
  expect(led('en-US', 'America/New_York')).toContain('December 1, 2026, 3:05\u00a0AM\u00a0EST');
});

it.each(SAMPLES.map(({ name, notice }) => [name, notice] as const))(
  'breaks no line before a mark of French: %s',
  (_name, notice) => {
    const { subject, text } = mailOf(notice, { locale: 'fr', timeZone: ZONE });
    const theirs = /keyturn webhooks.*|^https:.*|(?<=«\u00a0).*?(?=\u00a0»)/gm;
    const own = `${subject}\n${text}`.replace(theirs, 'x');
    expect(own).not.toMatch(/(?<!\u00a0)[?!;»]|«(?!\u00a0)|(?<!\u00a0):(?=\s|$)|'/m);
  },
);

it('shows in a list of mails what to do, since the subject has said what happened', () => {
  for (const locale of LANGUAGES) {
    const { html, text } = mailOf(noticeOf('extended'), { locale });
    expect(
      shownOf(html.slice(html.indexOf('<body')))
        .trim()
        .startsWith(leadOf(text)[1].replace(/\s+/g, ' ')),
    ).toBe(true);
  }
});

describe('by when', () => {
  it.each([
    ['reminder', {}, /is due to end on Tuesday.* 14:00\sUTC/, / by then\.$/],
    ['extended', {}, /put off until Tuesday/, / by then\.$/],
    [
      'emergency',
      { oldRefused: false, oldEndsAtMs: Date.parse('2026-11-23T15:00:00Z') },
      /refused from Monday.* on/,
      /^Act now\..* by then\.$/,
    ],
    ['emergency', { oldRefused: true }, /is already refused\.$/, /^Act now\..* now\.$/],
    ['rotation-started', { oldEndsAtMs: undefined as never }, /still works for now\.$/, / now\.$/],
  ] as const)('%s %j', (kind, changes, happened, toDo) => {
    const lead = leadOf(mailOf(noticeOf(kind, { delivery: 'operator', ...changes })).text);
    expect(lead[0]).toMatch(happened);
    expect(lead[1]).toMatch(toDo);
  });
});

describe('what happens at the end', () => {
  it('of a planned rotation depends on the clients, and is said', () => {
    const { text } = mailOf(noticeOf('reminder'));
    expect(text).toMatch(/If too many requests still use the old key then.* the end is put off/);
    expect(text).not.toContain('There is no extension');
  });

  it('of an emergency does not', () => {
    const { subject, text } = mailOf(noticeOf('reminder', { purpose: 'emergency' }));
    expect(subject).toMatch(/^Urgent/);
    expect(text).toContain('whether or not your clients have switched');
    expect(text).toContain('There is no extension');
    expect(text).not.toContain('put off');
  });
});

describe('what must be acted on now', () => {
  it.each(['emergency', 'received-elsewhere'] as const)('%s is marked, and says so', (kind) => {
    const { html, subject, text } = mailOf(noticeOf(kind));
    expect(html).toContain('class="card urgent"');
    expect(subject).toMatch(/EMERGENCY|Was it you\?/);
    expect(leadOf(text)[1]).toMatch(/\bnow\b/);
  });

  it('and nothing else is', () => {
    for (const kind of KEY_MAIL_KINDS.filter((each) => each !== 'emergency' && each !== 'received-elsewhere'))
      expect(mailOf(noticeOf(kind)).html).not.toContain('class="card urgent"');
  });
});

it('who lags is told with address, program, requests and last use, ten at most', () => {
  const straggler = { address: '203.0.113.7', userAgent: 'agent/1', requests: 1, lastUsedAtMs: 0 };
  const many = Array.from({ length: 14 }, (_, at) => ({ ...straggler, address: `203.0.113.${at}` }));
  const { html, text } = mailOf(noticeOf('extended', { stragglers: many }));
  expect(text.match(/“agent\/1”/g)).toHaveLength(10);
  expect(text).toContain('- 203.0.113.0, “agent/1”\n  1 request, last 1 Jan 1970, 00:00\u00a0UTC');
  expect(html.match(/<tr><td class="rule"/g)).toHaveLength(10);
  expect(html).toMatch(/<caption[^>]*>Who still uses the old key<\/caption>/);
  expect(mailOf(noticeOf('extended', { stragglers: [] })).html).not.toContain('<caption');
});

describe('facts that are not known', () => {
  const bare = {
    keyName: 'Search agent',
    environment: 'test',
    atMs: 0,
  } as const;

  it.each(KEY_MAIL_KINDS.flatMap((kind) => LANGUAGES.map((locale) => [kind, locale] as const)))(
    'leave no gap in %s in %s',
    (kind, locale) => {
      for (const delivery of DELIVERIES) {
        const { keyId: _id, owner: _owner, ...notice } = noticeOf(kind);
        const mail = mailOf({ ...notice, facts: { ...bare, delivery } }, { locale });
        expect(`${mail.subject}\n${leadOf(mail.text).join('\n')}`).not.toMatch(BROKEN);
        expect(mail.text).not.toMatch(/undefined|NaN|Invalid/);
      }
    },
  );
});

describe('the footer', () => {
  it('of the deployment stands there with what it names', () => {
    const footer = '{{keyName}} ({{ keyId }}) of {{owner}}: help@acme.dev';
    const { html, text } = mailOf(noticeOf('retired', { keyName: '{{owner}} <b>' }), { footer });
    expect(text).toContain('“{{owner}} <b>” (FF05xY0L9hQm) of team@example.com: help@acme.dev');
    expect(html).toContain('“{{owner}} &lt;b&gt;” (FF05xY0L9hQm)');
  });

  it('says nothing of unsubscribing where there is no way to', () => {
    const { unsubscribeUrl: _, ...settings } = { locale: 'en', timeZone: 'UTC', unsubscribeUrl: '' };
    expect(
      mailOf(noticeOf('reminder'), { ...settings, unsubscribeUrl: undefined as never }).text,
    ).not.toContain('Unsubscribe');
  });
});

describe('the mail about a webhook that is told no more', () => {
  const [unreached, gone] = SAMPLES.filter(({ notice }) => notice.kind === 'webhook-disabled');
  const render = (sample: typeof gone, settings: Parameters<typeof mailOf>[1] = {}) =>
    mailOf((sample as NonNullable<typeof sample>).notice, settings);

  it.each(LANGUAGES)('names it, why, and the command that operators enable it by, in %s', (locale) => {
    const mails = [unreached, gone].map((sample) => render(sample, { locale }));
    for (const { subject, html, text } of mails) {
      expect(subject).toContain('hooks.example.com');
      expect(text).toContain('keyturn webhooks enable wh_Ab3dEf7hIj9L --reason');
      expect(text).toContain('team@example.com');
      expect(html).not.toContain('class="card urgent"');
    }
    expect(mails[1]?.text).toContain('410');
    expect(mails[0]?.text).not.toContain('410');
  });

  it('says since when nothing has reached it, where that is why', () => {
    expect(render(unreached).text).toMatch(/Nothing reached it since: Sunday,? 22 November 2026, 14:00\sUTC/);
    expect(render(gone).text).not.toContain('Nothing reached it since');
  });

  it('is about no key: variables of one in the footer are empty', () => {
    const { text } = render(gone, { footer: 'Help with [{{keyName}}{{keyId}}] of {{owner}}' });
    expect(text).toContain('Help with [] of team@example.com');
  });
});
