/** `keyturn-client` in a real Chromium: a page gets its key from the renewal API across origins, and moves by itself. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from './support/browser.ts';
import { APIS, admin, cloud } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { bearer, postCall } from './support/mcp.ts';

const [REST] = APIS;
const DELIVERY_URL = cloud.outputs['DeliveryUrl'] as string;

let server: Server;
let origin: string;
let browser: Browser;
let page: Page;

/** The page, and the API beside it under the page's own origin, as behind one host name. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url !== '/mcp') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Client</title>');
    return;
  }
  const { authorization = '' } = request.headers;
  const { status, keyStatus } = await postCall(REST.url, { authorization });
  response.writeHead(status, keyStatus === null ? {} : { 'api-key-status': keyStatus }).end();
}

async function clientScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../client/src/index.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'client',
    platform: 'browser',
  });
  return outputFiles[0]?.text as string;
}

/** What the page says its store holds: the key is looked at from outside, as the page's owner could. */
const keptKey = (): Promise<string> => page.evaluate<string>('store.load().then(({ current }) => current)');

const statusOfCall = (): Promise<number> =>
  page.evaluate<number>("holder.fetch('/mcp', { method: 'POST' }).then(({ status }) => status)");

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
  page = await browser.newPage();
  await page.goto(origin);
  await page.addScriptTag({ content: await clientScript() });
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

test('a page makes its key pair, gets its key, and follows a rotation: no call fails', async () => {
  const publicKey = await page.evaluate<Record<string, string>>(
    'client.newSigningKey().then((made) => { window.signingKey = made; return made.publicJwk; })',
  );
  expect(publicKey).not.toHaveProperty('d');
  const { keyId } = await admin('issue', {
    owner: 'end-to-end@example.com',
    name: 'A page',
    environment: 'test',
    scopes: ['tools:*'],
    policy: 'drill',
    delivery: 'renewal-key',
    publicKey,
  });
  const options = { keyId, renewalUrl: DELIVERY_URL, apis: [`${origin}/mcp`], pace: { jitterMs: 100 } };
  await page.evaluate(
    `window.store = client.memoryStore();
     window.holder = client.createKeyHolder({ ...${JSON.stringify(options)}, signingKey, store });`,
  );

  expect(await statusOfCall()).toBe(200);
  const first = await keptKey();
  expect((await postCall(REST.url, bearer(first))).status).toBe(200);

  await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT1H' });
  const second = await eventually(
    'The new key in the page',
    async () => {
      expect(await statusOfCall()).toBe(200);
      return keptKey();
    },
    (key) => key !== first,
    60_000,
  );
  expect(await postCall(REST.url, bearer(second))).toMatchObject({ status: 200, keyStatus: null });
  expect((await admin('show', { keyId })).versions.at(-1)?.delivery).toMatchObject({
    by: 'renewal-key',
    receivedBy: 'renewal',
  });
});
