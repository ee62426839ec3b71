/** The report's page in a real Chromium: on phones and desks, light and dark, on paper, and with hostile words in it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportPage } from '../../cli/report/html/page.ts';
import type { Report } from '../../lambdas/core/domain/report/report.ts';
import { sealReport } from '../../lambdas/core/domain/report/report-hash.ts';
import { emptyReport, fleetReport, hostileReport, quarterReport } from '../support/report-samples.ts';
import { launchChromium, looksOf } from './support/browser.ts';

const PICTURES = process.env['KEYTURN_PICTURES'];
let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await launchChromium();
  folder = mkdtempSync(join(tmpdir(), 'keyturn-report-'));
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

async function opened(report: Report, options: Parameters<Browser['newPage']>[0] = {}) {
  const page = await browser.newPage(options);
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  const path = join(folder, 'report.html');
  writeFileSync(path, reportPage(sealReport(report)));
  await page.goto(pathToFileURL(path).href);
  return { page, requests, complaints };
}

const FINE = { violations: [], overflow: 0 };

describe.each([
  ['quarter', quarterReport],
  ['empty', emptyReport],
  ['fleet', () => fleetReport(300)],
])('the report of a %s', (name, report) => {
  test('shuts nobody out, and scrolls sideways nowhere but in its tables', async () => {
    const { page, requests, complaints } = await opened(await report());
    expect(await looksOf(page, `report-${name}`)).toEqual(FINE);
    expect({ requests: requests.length, complaints }).toEqual({ requests: 1, complaints: [] });
    await page.close();
  });
});

test('it is read without a script', async () => {
  const { page } = await opened(await quarterReport(), { javaScriptEnabled: false });
  expect(await page.locator('h1').textContent()).toBe('Evidence report: API keys');
  expect(await page.getByRole('img').count()).toBe(4);
  await page.close();
});

test('on paper it is light, whole, and repeats the headings of tables', async () => {
  const { page } = await opened(await quarterReport());
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const style = await page.evaluate<Record<string, string>>(`({
    ink: getComputedStyle(document.body).color,
    heads: getComputedStyle(document.querySelector('thead')).display,
    scroll: getComputedStyle(document.querySelector('.scroll')).overflowX,
    row: getComputedStyle(document.querySelector('tbody tr')).breakInside,
  })`);
  expect(style).toEqual({
    ink: 'rgb(25, 29, 33)',
    heads: 'table-header-group',
    scroll: 'visible',
    row: 'avoid',
  });
  // The width between the margins of A4 at 96 dots an inch.
  await page.setViewportSize({ width: 688, height: 990 });
  expect(await page.evaluate<string[]>(WIDE)).toEqual([]);
  const crowded = await opened(await longWorded());
  await crowded.page.emulateMedia({ media: 'print' });
  await crowded.page.setViewportSize({ width: 688, height: 990 });
  expect(await crowded.page.evaluate<string[]>(WIDE)).toEqual([]);
  await crowded.page.close();
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  if (PICTURES) writeFileSync(join(PICTURES, 'report.pdf'), pdf);
  await page.close();
});

/** Owners, names and policies without a blank in them. */
async function longWorded(): Promise<Report> {
  const report = await fleetReport(12);
  const long = (text: string) => `${'x'.repeat(60)}-${text}`;
  const keys = report.standing.keys.map((key) => ({
    ...key,
    owner: long(key.owner),
    name: long(key.name),
    policy: long(key.policy),
    standing: 'unknown-policy' as const,
  }));
  return { ...report, standing: { ...report.standing, keys } };
}

/** What reaches beyond the paper. */
const WIDE = `[...document.querySelectorAll('main *')]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
  .map((element) => element.outerHTML.slice(0, 120))`;

test('hostile names, owners and reasons are text', async () => {
  const { page, complaints } = await opened(await hostileReport());
  expect(await page.evaluate('window.owned')).toBeUndefined();
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.locator('script').count()).toBe(1);
  expect(await overflowOf(page)).toBe(0);
  expect(complaints).toEqual([]);
  await page.close();
});

async function overflowOf(page: Page): Promise<number> {
  await page.setViewportSize({ width: 320, height: 640 });
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
}
