/** Mails to owners in a real Chromium: on the narrowest phone and a desktop, light and dark, whoever reads them. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleLinks } from '../../cli/notices/sample-links.ts';
import { sampleKeyNotices, sampleNotices } from '../../cli/notices/sample-notices.ts';
import { renderClaimLink } from '../../lambdas/adapters/mail/render-claim-link.ts';
import { renderNotice } from '../../lambdas/adapters/mail/render-notice.ts';
import { MAIL_KINDS } from '../../rules/mail-kinds.ts';
import { LANGUAGES } from '../../rules/mail-locale.ts';
import { launchChromium, looksOf } from './support/browser.ts';

const AT_MS = Date.parse('2026-11-23T14:00:00Z');
const SETTINGS = {
  timeZone: 'Pacific/Auckland',
  footer: 'Help with {{keyName}}: https://acme.dev/help',
  unsubscribeUrl: 'https://keys.example.com/keys/unsubscribe/retired/dGVhbUBleGFtcGxlLmNvbQ/x',
};
const MAILS = MAIL_KINDS.flatMap((kind) => sampleNotices(kind, AT_MS)).filter(
  ({ name, notice }) => notice.kind === 'webhook-disabled' || name.endsWith('secrets-manager'),
);

let browser: Browser;
let page: Page;
let requests: string[];

beforeAll(async () => {
  browser = await launchChromium();
  page = await browser.newPage();
  page.on('request', (request) => requests.push(request.url()));
});
afterAll(() => browser.close());

test.each(MAILS.map((mail, at) => [mail.name, LANGUAGES[at % LANGUAGES.length] ?? 'en', mail] as const))(
  '%s in %s shuts nobody out, needs no scrolling sideways, and asks for nothing',
  async (name, locale, { notice }) => {
    requests = [];
    await page.setContent(renderNotice(notice, { ...SETTINGS, locale }).html);
    expect(await looksOf(page, `mail-${name}-${locale}`)).toEqual({ violations: [], overflow: 0 });
    expect(requests).toEqual([]);
  },
);

test.each(
  LANGUAGES.flatMap((locale) => sampleLinks(AT_MS).map(({ name, link }) => [name, locale, link] as const)),
)('%s in %s shuts nobody out either', async (name, locale, link) => {
  requests = [];
  await page.setContent(renderClaimLink(link, { ...SETTINGS, locale }).html);
  expect(await looksOf(page, `mail-${name}-${locale}`)).toEqual({ violations: [], overflow: 0 });
  expect(requests).toEqual([]);
});

test('words without a blank in them break', async () => {
  const [sample] = sampleKeyNotices('extended', AT_MS);
  if (!sample) throw new Error('There is no sample.');
  const long = 'x'.repeat(100);
  const straggler = { address: long, userAgent: long, requests: 1, lastUsedAtMs: 0 };
  const facts = { ...sample.notice.facts, keyName: long, stragglers: [straggler] };
  const notice = { ...sample.notice, owner: `${long}@example.com`, facts };
  requests = [];
  await page.setContent(renderNotice(notice, { ...SETTINGS, locale: 'de' }).html);
  expect(await looksOf(page, 'mail-long-words')).toEqual({ violations: [], overflow: 0 });
});
