/** Leaving a kind of mail, through API Gateway and in a real Chromium: from the link of a mail to the mail that is not sent. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium, looksOf } from './support/browser.ts';
import { keyturn } from './support/command-line.ts';
import { admin } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { linkIn, mailsTo } from './support/mailbox.ts';

const OWNER = `Unsubscribing.${process.pid}@example.com`;
const FINE = { violations: [], overflow: 0 };

let browser: Browser;
let link: string;

const issue = (owner = OWNER) =>
  admin('issue', { owner, name: 'Agent', environment: 'test', scopes: ['tools:*'], policy: 'drill' });
const done = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await keyturn(...args);
  expect(code, stderr).toBe(0);
  return stdout;
};
const unsubscribed = async (): Promise<string> => {
  const shown = await done('owner', OWNER.toLowerCase(), '--json');
  return JSON.parse(shown).unsubscribed.join();
};
const headingOf = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();

beforeAll(async () => {
  browser = await launchChromium();
  await done('owner', OWNER, '--locale', 'de', '--time-zone', 'Europe/Berlin');
  await issue();
  const [mail] = await eventually(
    'The mail about the key',
    () => mailsTo(OWNER),
    (found) => found.length > 0,
  );
  if (!mail) throw new Error('There is no mail.');
  expect(mail.Subject).toBe('Neuer API-Schlüssel: „Agent“');
  link = linkIn(mail);
});
afterAll(() => browser.close());

test('a mail is in its reader’s words, and has a link whose page changes nothing by being opened', async () => {
  expect(link).toMatch(/\?lang=de$/);
  const page = await browser.newPage();
  await page.goto(link);
  expect(await headingOf(page)).toBe('Abbestellen?');
  expect(await looksOf(page, 'unsubscribe-ask')).toEqual(FINE);
  expect((await fetch(link, { method: 'HEAD' })).status).toBe(200);
  expect(await unsubscribed()).toBe('');
  await page.close();
});

test('its button leaves the kind, and takes it back', async () => {
  const page = await browser.newPage({ javaScriptEnabled: true });
  await page.goto(link);
  await page.getByRole('button', { name: 'Abbestellen' }).click();
  expect(await headingOf(page)).toBe('Abbestellt');
  expect(await looksOf(page, 'unsubscribe-left')).toEqual(FINE);
  expect(await unsubscribed()).toBe('issued');
  await page.getByRole('button', { name: 'Doch wieder senden' }).click();
  expect(await headingOf(page)).toBe('Wieder abonniert');
  expect(await unsubscribed()).toBe('');
  await page.close();
});

test('one click of a mail program does, and the next such mail is withheld while others go out', async () => {
  const answer = await fetch(link, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
    redirect: 'error',
  });
  expect(answer.status).toBe(200);
  expect(await unsubscribed()).toBe('issued');
  const before = (await mailsTo(OWNER)).length;
  const { keyId } = await issue();
  const other = `ops.${process.pid}@example.com`;
  await done('recipients', keyId, '--add', other);
  await done('emergency', keyId, '--reason', 'end-to-end test', '--yes');
  await eventually(
    'The mail about the emergency',
    () => mailsTo(OWNER),
    (found) => found.length > before,
  );
  await eventually(
    'The same to the recipient',
    () => mailsTo(other),
    (found) => found.length > 0,
  );
  const fresh = (await mailsTo(OWNER)).slice(before).map(({ Subject }) => Subject);
  expect(fresh.join('\n')).toContain('NOTFALL');
  expect(fresh.join('\n')).not.toContain('Neuer API');
});

test('a link of somebody else’s making is told nothing', async () => {
  const forged = link.replace(/issued/, 'retired');
  const [got, posted] = await Promise.all([
    fetch(forged),
    fetch(forged, { method: 'POST', body: new URLSearchParams({ action: 'leave' }) }),
  ]);
  expect([got.status, posted.status]).toEqual([404, 404]);
  expect(await got.text()).not.toContain(OWNER);
  expect(await unsubscribed()).toBe('issued');
});
