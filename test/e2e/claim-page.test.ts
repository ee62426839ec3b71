/** The page at which owners take their keys by a link, through API Gateway and in a real Chromium. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstBrokenLink } from '../../lambdas/core/domain/audit-event.ts';
import { MOST_TRIES_PER_HOUR } from '../../lambdas/core/use-cases/refuse-link.ts';
import { auditEvents } from './support/audit-events.ts';
import { launchChromium, looksOf } from './support/browser.ts';
import { deliveryOf, issueLinked, type LinkedKey, lastLinkOf, press } from './support/claim-link.ts';
import { keyturn } from './support/command-line.ts';
import { APIS, admin } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { everything, keysIn } from './support/leaks.ts';
import { bearer, postCall } from './support/mcp.ts';

const [REST] = APIS;
const SHOW = 'Show the key';
const REPORT = 'Report: it was not me';
const FINE = { violations: [], overflow: 0 };

let browser: Browser;
const used: { readonly token: string; readonly key?: string }[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
});

const headingOf = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();
const keyOn = (page: Page) => page.getByLabel('API key').inputValue();
const pressed = (page: Page, name: string) => page.getByRole('button', { name }).click();

/** A page in a browser of its own kind, and what it asked for and complained of. */
async function visit(
  link: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ page: Page; context: BrowserContext; requests: string[]; complaints: string[] }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(`${request.method()} ${request.url()}`));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(link);
  return { page, context, requests, complaints };
}

async function accepted(key: string): Promise<boolean> {
  return (await postCall(REST.url, bearer(key))).status === 200;
}

/** A site of somebody else's, with one page. */
async function otherSite(body: string): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>x</title>${body}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Another site than the page's 127.0.0.1 to the browser.
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () => void server.close(),
  };
}

describe('what only looks', () => {
  test('takes nothing: scanners by GET and HEAD, link checkers, prefetchers', async () => {
    const { keyId, link, token } = await issueLinked();
    const scanners: Record<string, string>[] = [
      { 'user-agent': 'Mozilla/5.0 (compatible; MailScanner/3.1)' },
      { 'user-agent': 'Slackbot-LinkExpanding 1.0', range: 'bytes=0-32768' },
      { purpose: 'prefetch', 'sec-purpose': 'prefetch;prerender', 'x-moz': 'prefetch' },
    ];
    for (const headers of scanners) {
      const got = await fetch(link, { headers });
      expect(got.status).toBe(200);
      expect(keysIn(await got.text())).toEqual([]);
      const head = await fetch(link, { method: 'HEAD', headers });
      expect(head.status).toBe(200);
      expect(head.headers.get('cache-control')).toBe('no-store');
      expect(head.headers.get('referrer-policy')).toBe('no-referrer');
      expect(await head.text()).toBe('');
    }
    const other = await otherSite(
      `<link rel="prefetch" href="${link}"><link rel="prerender" href="${link}"><img src="${link}"><a href="${link}">x</a>`,
    );
    const { page, requests } = await visit(other.url);
    await page.waitForLoadState('networkidle');
    expect(requests.filter((each) => each.endsWith(token)).length).toBeGreaterThan(0);
    other.close();
    await page.context().close();

    expect(await deliveryOf(keyId)).toMatchObject({ by: 'claim-link', receivedAt: null });
    const shown = await press(link, 'show');
    expect(keysIn(await shown.text())).toHaveLength(1);
  });

  test('cannot tell a good link from a bad one', async () => {
    const { link } = await issueLinked();
    const bodies = [link, `${link.slice(0, -1)}_`, link.replace(/claim\/.{12}/, 'claim/NoSuchKey000')];
    const answers = await Promise.all(bodies.map(async (each) => (await fetch(each)).text()));
    expect(new Set(answers).size).toBe(1);
  });
});

describe('an owner without JavaScript', () => {
  test('sees nothing of a key before the button, and the key after it, which works', async () => {
    const { keyId, link, token } = await issueLinked();
    const { page, requests } = await visit(link, { javaScriptEnabled: false });
    expect(await headingOf(page)).toBe('Take your API key');
    expect(await page.content()).not.toContain('Search agent');
    expect(await deliveryOf(keyId)).toMatchObject({ receivedAt: null });

    await pressed(page, SHOW);
    expect(await headingOf(page)).toBe('Your new API key');
    const key = await keyOn(page);
    used.push({ token, key });
    expect(keysIn(key)).toEqual([key]);
    expect(await page.getByRole('button', { name: 'Copy the key' }).isVisible()).toBe(false);
    expect(await page.locator('dl').textContent()).toContain('Search agent');
    expect(requests).toEqual([`GET ${link}`, `POST ${link}`]);
    await page.context().close();

    expect(await accepted(key)).toBe(true);
    expect(await deliveryOf(keyId)).toMatchObject({ by: 'claim-link', receivedBy: 'link' });
    const events = await auditEvents(keyId);
    expect(firstBrokenLink(events)).toBeUndefined();
    expect(events.at(-1)).toMatchObject({
      action: 'version.claimed',
      actor: { principal: 'claim-link', via: 'claim-page' },
      origin: { address: '127.0.0.1', userAgent: expect.stringMatching(/Mozilla.*Chrome/) },
    });
  });
});

describe('an owner with a usual browser', () => {
  let linked: LinkedKey;
  let page: Page;
  let complaints: string[];
  let key: string;

  beforeAll(async () => {
    linked = await issueLinked();
    ({ page, complaints } = await visit(linked.link));
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  });
  afterAll(() => page.context().close());

  test('sees a page that shuts nobody out, on phone and desktop, light and dark', async () => {
    expect(await looksOf(page, 'start')).toEqual(FINE);
  });

  test('reaches the button by the first press of the tabulator, and takes the key by the keyboard alone', async () => {
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByLabel('API key').waitFor();
    key = await keyOn(page);
    used.push({ token: linked.token, key });
    expect(await looksOf(page, 'key')).toEqual(FINE);
  });

  test('copies the key by its button, and is told so', async () => {
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.getSelection().toString()')).toBe(key);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Copied.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(key);
    expect(await looksOf(page, 'copied')).toEqual(FINE);
  });

  test('has a page that runs no other script, takes no other style, and asks for nothing', async () => {
    expect(complaints).toEqual([]);
    await page.evaluate(`(() => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<img src="/x.png" onerror="globalThis.injected = true">');
    })()`);
    await expect.poll(() => complaints.length).toBeGreaterThanOrEqual(2);
    for (const complaint of complaints) expect(complaint).toContain('Content Security Policy');
    expect(await page.evaluate('globalThis.injected')).toBeUndefined();
  });

  test('has lost it by reloading, as the page said, and learns that it was taken', async () => {
    await page.reload();
    expect(await headingOf(page)).toBe('This key was taken already');
    expect(await page.content()).not.toContain(key);
  });
});

describe('two browsers at once', () => {
  test('one wins, the other learns that the key was taken', async () => {
    const other = await launchChromium();
    try {
      for (let round = 0; round < 3; round += 1) {
        const { keyId, link, token } = await issueLinked();
        const { page: mine } = await visit(link);
        const theirs = await other.newPage();
        await theirs.goto(link);
        await Promise.all([pressed(mine, SHOW), pressed(theirs, SHOW)]);
        const pages = [mine, theirs];
        const headings = await Promise.all(pages.map(headingOf));
        expect([...headings].sort()).toEqual(['This key was taken already', 'Your new API key']);
        const winner = pages[headings.indexOf('Your new API key')] as Page;
        const key = await keyOn(winner);
        used.push({ token, key });
        expect(await accepted(key)).toBe(true);
        const claims = (await auditEvents(keyId)).filter(({ action }) => action === 'version.claimed');
        expect(claims).toHaveLength(1);
        await mine.context().close();
        await theirs.close();
      }
    } finally {
      await other.close();
    }
  });
});

describe('a second visitor', () => {
  let linked: LinkedKey;
  let key: string;
  let page: Page;

  beforeAll(async () => {
    linked = await issueLinked();
    [key = ''] = keysIn(await (await press(linked.link, 'show')).text());
    used.push({ token: linked.token, key });
    ({ page } = await visit(linked.link));
  });
  afterAll(() => page.context().close());

  test('learns by the button that the key was taken, and when', async () => {
    await pressed(page, SHOW);
    expect(await headingOf(page)).toBe('This key was taken already');
    const { receivedAt } = (await deliveryOf(linked.keyId)) ?? {};
    expect(receivedAt).not.toBeNull();
    expect(await page.locator('time').getAttribute('datetime')).toBe(receivedAt);
    expect(await page.content()).not.toContain(key);
    expect(await looksOf(page, 'taken')).toEqual(FINE);
  });

  test('reports that it was not they: on record and an alarm, once', async () => {
    await pressed(page, REPORT);
    expect(await headingOf(page)).toBe('Reported');
    expect(await looksOf(page, 'reported')).toEqual(FINE);
    await page.reload();
    expect(await headingOf(page)).toBe('Reported');
    await press(linked.link, 'report');

    const events = await auditEvents(linked.keyId);
    expect(firstBrokenLink(events)).toBeUndefined();
    expect(events.filter(({ action }) => action === 'security.claim-disputed')).toHaveLength(1);
    const logs = [...(await everything())]
      .filter(([place]) => place.startsWith('log '))
      .map(([, text]) => text);
    const alarms = logs
      .join('\n')
      .split('\n')
      .filter((line) => line.includes('"ClaimsDisputed":1') && line.includes(linked.keyId));
    expect(alarms).toHaveLength(1);
  });

  test('is heard by the operator, who replaces the key', async () => {
    const { stdout } = await keyturn('show', linked.keyId);
    expect(stdout).toContain('Version 1 was taken by somebody else');
    const [, command = ''] = /Replace it at once: keyturn (.*)/.exec(stdout) ?? [];
    const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    expect(args[0]).toBe('emergency');
    expect(await accepted(key)).toBe(true);
    const replaced = await keyturn(...args, '--yes', '--json');
    expect(replaced.code, replaced.stderr).toBe(0);
    await expect.poll(() => accepted(key), { timeout: 15_000 }).toBe(false);
    expect((await keyturn('show', linked.keyId)).stdout).not.toContain('taken by somebody else');

    // No link went to where the last one was read: the key waits for the operator, who may have it from the emergency already.
    await eventually(
      'The offer to the operator',
      () => deliveryOf(linked.keyId),
      (delivery) => delivery?.by === 'operator' || delivery?.receivedBy === 'claim',
    );
    const taken = JSON.parse(replaced.stdout) as { readonly key?: string };
    const fresh = taken.key ?? (await admin('claim', { keyId: linked.keyId })).key;
    expect(await accepted(fresh)).toBe(true);
  });
});

describe('a link that is not good any more', () => {
  test.each([
    ['disabled', 'disable', 'Not now'],
    ['withdrawn', 'revoke', 'This link is not needed any more'],
  ] as const)(
    'of a key that is %s says so to who has it, and gives nothing',
    async (state, action, heading) => {
      const { keyId, link, token } = await issueLinked();
      used.push({ token });
      await admin(action, { keyId, reason: 'end-to-end test' });
      const { page } = await visit(link);
      await pressed(page, SHOW);
      expect(await headingOf(page)).toBe(heading);
      expect(await looksOf(page, state)).toEqual(FINE);
      expect(await deliveryOf(keyId)).toMatchObject({ receivedAt: null });
      await page.context().close();
    },
  );

  test('since a newer one was made is a wrong one, and the newer one works', async () => {
    const { keyId, link } = await issueLinked();
    await admin('deliver', { keyId });
    const newer = await lastLinkOf(keyId);
    expect((await press(link, 'show')).status).toBe(404);
    expect(keysIn(await (await press(newer, 'show')).text())).toHaveLength(1);
  });
});

describe('a wrong link', () => {
  test('is answered alike whether there is such a key or not, and no sooner than the other', async () => {
    const { keyId, link, token } = await issueLinked();
    const { link: another, keyId: other } = await issueLinked();
    const wrong = [
      link.slice(0, -1),
      `${link}A`,
      link.replace(token, token.toLowerCase()),
      another.replace(other, keyId),
      link.replace(keyId, 'NoSuchKey000'),
    ];
    const answers: string[] = [];
    for (const each of wrong) {
      const startedMs = performance.now();
      const answer = await press(each, 'show');
      expect(performance.now() - startedMs).toBeGreaterThanOrEqual(245);
      expect(answer.status).toBe(404);
      answers.push(await answer.text());
    }
    expect(new Set(answers).size).toBe(1);
    const { page } = await visit(wrong[0] as string);
    await pressed(page, SHOW);
    expect(await headingOf(page)).toBe('This link does not work');
    expect(await looksOf(page, 'wrong')).toEqual(FINE);
    await page.context().close();
    expect((await auditEvents(keyId)).filter(({ action }) => action === 'claim.refused')).toHaveLength(1);
  });

  test('tried too often is 429, in the same dress, and keeps the right one from nothing', async () => {
    const { link, token } = await issueLinked();
    const guess = `${link.slice(0, -4)}AAAA`;
    const statuses: number[] = [];
    // Twice the budget at most: the hour of the clock may change in between.
    while (statuses.at(-1) !== 429 && statuses.length < 2 * MOST_TRIES_PER_HOUR + 4) {
      const four = await Promise.all(Array.from({ length: 4 }, () => press(guess, 'show')));
      statuses.push(...four.map(({ status }) => status).sort());
    }
    expect(statuses.filter((status) => status === 404).length).toBeGreaterThanOrEqual(MOST_TRIES_PER_HOUR);
    const { page } = await visit(guess);
    await pressed(page, SHOW);
    expect(await headingOf(page)).toBe('Too many links that do not work');
    expect(await looksOf(page, 'too-many')).toEqual(FINE);
    await page.context().close();
    const [key = ''] = keysIn(await (await press(link, 'show')).text());
    used.push({ token, key });
    expect(await accepted(key)).toBe(true);
  });
});

describe('another site', () => {
  test('cannot press the button in its visitor’s browser, nor frame the page', async () => {
    const { keyId, link } = await issueLinked();
    const form = `<form method="post" action="${link}"><button name="action" value="show">${SHOW}</button></form>`;
    const other = await otherSite(`${form}<iframe src="${link}"></iframe>`);
    const { page } = await visit(other.url);
    await page.waitForLoadState('networkidle');
    const framed = page.frames().filter((frame) => frame !== page.mainFrame());
    expect(framed).toHaveLength(1);
    expect(await framed[0]?.content()).not.toContain('Take your API key');
    await pressed(page, SHOW);
    expect(await headingOf(page)).toBe('Open the link itself');
    expect(await looksOf(page, 'elsewhere')).toEqual(FINE);
    expect(await deliveryOf(keyId)).toMatchObject({ receivedAt: null });
    other.close();
    await page.context().close();
  });
});

test('no token is in the table, a log, an execution or a metric, but in its mail, and no key anywhere', async () => {
  expect(used.length).toBeGreaterThan(5);
  for (const [place, text] of await everything()) {
    for (const { token, key } of used) {
      if (place !== 'mails') expect(text.includes(token), place).toBe(false);
      if (key) expect(text.includes(key.slice(-49, -6)), place).toBe(false);
    }
  }
});
