/** What goes over the wire, taken apart again as a mail program does it. */
import { describe, expect, it } from 'vitest';
import { type RawMail, rawMail } from '../../../lambdas/adapters/ses/raw-mail.ts';
import { headerOf, parseMail } from '../../support/parsed-mail.ts';

const MAIL: RawMail = {
  from: 'keys@acme.dev',
  to: 'team@example.com',
  subject: 'Your new API key for “Suchdienst Zürich” waits',
  text: 'Nimm ihn bis Montag.\nhttps://keys.example.com/claim/FF05xY0L9hQm/Zq8Yq1m6tW3nUuJ2d5cV7xK4rP9bN0sLhGfEwDaQiOy\n-- \nEnde – 終わり\n',
  html: '<!doctype html><p style="color:#000">Nimm ihn bis <b>Montag</b>. Ende – 終わり</p>',
  ref: 'S0VZI0ZGMDV4WTBMOWhRbQpyMSNpc3N1ZWQjYUBi',
};

const sent = async (changes: Partial<RawMail> = {}) => parseMail(await rawMail({ ...MAIL, ...changes }));

it('has the same words in text and in HTML, text first, in UTF-8', async () => {
  const mail = await sent();
  expect(headerOf(mail, 'Content-Type')).toMatch(/^multipart\/alternative;/);
  expect(Object.keys(mail.parts)).toEqual(['text/plain', 'text/html']);
  expect(mail.parts['text/plain']?.replaceAll('\r\n', '\n')).toBe(MAIL.text);
  expect(mail.parts['text/html']?.replaceAll('\r\n', '\n').trim()).toBe(MAIL.html);
});

it('names sender, recipient and subject, and says that nobody wrote it by hand', async () => {
  const mail = await sent({ replyTo: 'help@acme.dev' });
  expect(headerOf(mail, 'From')).toBe('keys@acme.dev');
  expect(headerOf(mail, 'To')).toBe('team@example.com');
  expect(headerOf(mail, 'Reply-To')).toBe('help@acme.dev');
  expect(headerOf(mail, 'Subject')).toBe(MAIL.subject);
  expect(headerOf(mail, 'Auto-Submitted')).toBe('auto-generated');
  expect(headerOf(mail, 'MIME-Version')).toBe('1.0');
  expect(headerOf(mail, 'X-Keyturn-Notice')).toBe(MAIL.ref);
  expect(headerOf(mail, 'Cc')).toBeUndefined();
  expect(headerOf(mail, 'Bcc')).toBeUndefined();
});

it('leads one click to where such mail ends (RFC 8058), where there is such a place', async () => {
  const url = 'https://keys.example.com/unsubscribe/abc?lang=de&x=1';
  const mail = await sent({ unsubscribeUrl: url });
  expect(headerOf(mail, 'List-Unsubscribe')).toBe(`<${url}>`);
  expect(headerOf(mail, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
  const without = await sent();
  expect(headerOf(without, 'List-Unsubscribe')).toBeUndefined();
  expect(headerOf(without, 'List-Unsubscribe-Post')).toBeUndefined();
});

it('is of lines that any server takes', async () => {
  const raw = await rawMail({ ...MAIL, ref: 'x'.repeat(560), text: 'y'.repeat(5000) });
  const longest = Math.max(
    ...raw
      .toString('latin1')
      .split('\r\n')
      .map(({ length }) => length),
  );
  expect(longest).toBeLessThan(998);
});

describe('nothing that is given becomes a header or a recipient of its own', () => {
  const NAMES = [
    'From',
    'To',
    'Subject',
    'Auto-Submitted',
    'X-Auto-Response-Suppress',
    'X-Keyturn-Notice',
    'Message-ID',
    'Date',
    'MIME-Version',
    'Content-Type',
  ].sort();

  it.each<[string, string, string]>([
    ['a line break', 'Key\r\nBcc: spy@evil.example', 'Key Bcc: spy@evil.example'],
    ['a bare line feed', 'Key\nBcc: spy@evil.example\n\nbody', 'Key Bcc: spy@evil.example body'],
    ['a bare return', 'Key\rBcc: spy@evil.example', 'Key Bcc: spy@evil.example'],
    ['line breaks of Unicode', 'Key\u2028Bcc: a@b\u0085Cc: c@d', 'Key Bcc: a@b Cc: c@d'],
    ['a null', 'Key\u0000Bcc: a@b', 'Key Bcc: a@b'],
    ['an end of the headers', 'Key\r\n\r\n<h1>body</h1>', 'Key <h1>body</h1>'],
    ['an encoded line break', '=?utf-8?Q?Key=0D=0ABcc:_a@b?=', 'Key\r\nBcc: a@b'],
  ])('a subject with %s', async (_what, subject, read) => {
    const mail = await sent({ subject });
    expect(mail.headers.map(([name]) => name).sort()).toEqual(NAMES);
    expect(headerOf(mail, 'Subject')).toBe(read);
    expect(Object.keys(mail.parts)).toEqual(['text/plain', 'text/html']);
  });

  it('an address to unsubscribe at, whatever stands in it', async () => {
    const url = 'https://keys.example.com/u/a\r\nBcc: spy@evil.example>,<mailto:x@y';
    const mail = await sent({ unsubscribeUrl: url });
    const header = headerOf(mail, 'List-Unsubscribe');
    expect(header).toMatch(/^<https:\/\/keys\.example\.com\/u\/[^\s<>]*>$/);
    expect(headerOf(mail, 'Bcc')).toBeUndefined();
  });

  it.each(['http://keys.example.com/u', 'mailto:x@y.example', 'javascript:alert(1)'])(
    '%s is no such address',
    async (unsubscribeUrl) => {
      const mail = await sent({ unsubscribeUrl });
      expect(headerOf(mail, 'List-Unsubscribe')).toBeUndefined();
      expect(headerOf(mail, 'List-Unsubscribe-Post')).toBeUndefined();
    },
  );

  it('a subject of any length stays one of 250 characters, none of them cut in half', async () => {
    const mail = await sent({ subject: '🔑'.repeat(2000) });
    expect(headerOf(mail, 'Subject')).toBe('🔑'.repeat(250));
  });
});
