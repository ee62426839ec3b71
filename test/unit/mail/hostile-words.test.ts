/** What others wrote into a mail: the key's name, a reason, a client's user agent. It is read as theirs, and does nothing. */
import { describe, expect, it } from 'vitest';
import { theirs, unlinked } from '../../../lambdas/adapters/mail/theirs.ts';
import { LANGUAGES } from '../../../rules/mail-locale.ts';
import { KEY_MAIL_KINDS, leadOf, mailOf, noticeOf, shownOf } from './mail-notices.ts';

const MARKS = ['“', '”'] as const;
const KEY = `mk_live_FF05xY0L9hQm_${'a'.repeat(49)}`;

describe.each(KEY_MAIL_KINDS)('a hostile name in %s', (kind) => {
  it.each(LANGUAGES)('is words and nothing else, in %s', (locale) => {
    const keyName = `<a href="https://evil.example">x</a><img src=x onerror=alert(1)>\r\nBcc: v@example.com`;
    const { subject, html, text } = mailOf(noticeOf(kind, { keyName, reason: keyName }), { locale });
    expect(subject).not.toMatch(/[\r\n]/);
    expect(leadOf(text)[0]).not.toBe('');
    expect(html).not.toMatch(/<img|evil\.example"/);
    expect(html).not.toContain('https://evil.example');
    expect(text).not.toContain('https://evil.example');
    expect(text).not.toMatch(/^Bcc:/m);
    expect(shownOf(html)).toContain('<img src=x onerror=alert(1)> Bcc: v@example.com');
  });
});

it('a long name is cut in sentences and subjects, and never within a character', () => {
  const keyName = '🔑'.repeat(100);
  for (const kind of KEY_MAIL_KINDS) {
    for (const locale of LANGUAGES) {
      const { subject, text } = mailOf(noticeOf(kind, { keyName }), { locale });
      expect(Array.from(subject).length).toBeLessThan(200);
      expect(subject).toContain('🔑…');
      expect(text).toContain('🔑'.repeat(100));
      expect(`${subject}${text}`).not.toMatch(/\p{Cs}/u);
    }
  }
});

describe('words of others', () => {
  it.each([
    ['line breaks', 'a\r\n\u2028b\u0085c', 'a b c'],
    ['turns of the reading direction', 'a\u202eb\u2066c\u200fd\u061ce', 'abcde'],
    ['what cannot be seen', 'a\u200b\u00ad\u2060b\u3164', 'ab'],
    ['control characters', 'a\u0000\u001b[31mb\u0007', 'a[31mb'],
    ['halves of characters', 'a\ud800b', 'ab'],
    ['marks that would end the quotation', 'x”. All is well. “', 'x". All is well. "'],
    ['heaps of accents', `Z${'\u0301'.repeat(40)}`, `Z${'\u0301'.repeat(3)}`],
    ['an address to open', 'see https://evil.example/x', 'see https[:]//evil.example/x'],
    ['a key', KEY, 'mk_live_FF05xY0L9hQm_[redacted]'],
    [
      'a key with what cannot be seen in it',
      KEY.replace('_live', '\u200b_live\u00ad'),
      'mk_live_FF05xY0L9hQm_[redacted]',
    ],
    ['nothing', '', ''],
  ])('lose %s', (_what, text, expected) => {
    expect(theirs(text, 100, MARKS)).toBe(`“${expected}”`);
  });

  it('keep what scripts need, and right-to-left ones keep to themselves', () => {
    expect(theirs('मराठी क\u200dष', 100, MARKS)).toBe('“मराठी क\u200dष”');
    expect(theirs('מפתח 7', 100, MARKS)).toBe('“\u2068מפתח 7\u2069”');
  });

  it('are cut where they are too long', () => {
    expect(theirs('abc def', 4, MARKS)).toBe('“abc…”');
    expect(theirs('abc', 3, MARKS)).toBe('“abc”');
  });

  it('become no link where any client may send them', () => {
    expect(unlinked('python-requests/2.31.0 evil.com www.evil.co.uk a@evil.com', 100, MARKS)).toBe(
      '“python-requests/2.31.0 evil[.]com www[.]evil[.]co[.]uk a[@]evil[.]com”',
    );
  });
});

it('a user agent and an address of a client are words too', () => {
  const userAgent = `<script>x</script>\u202e go to http://evil.example ${KEY}`;
  const straggler = { address: '"><b>', userAgent, requests: 3, lastUsedAtMs: 0 };
  const { html, text } = mailOf(noticeOf('extended', { stragglers: [straggler] }));
  const elsewhere = mailOf(noticeOf('received-elsewhere', { receivedFrom: { address: '"><b>', userAgent } }));
  for (const each of [html, text, elsewhere.html, elsewhere.text]) {
    expect(each).not.toMatch(/\u202e|http:\/\/evil|evil\.example|aaaaaa/);
  }
  for (const each of [html, elsewhere.html]) expect(each).not.toMatch(/<script|<b>/);
  expect(shownOf(html)).toContain(
    '“<script>x</script> go to http[:]//evil[.]example mk_live_FF05xY0L9hQm_[redacte',
  );
});
