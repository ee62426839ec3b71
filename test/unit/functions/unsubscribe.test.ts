/** The page at which an address leaves a kind of mail: looking changes nothing, pressing does, and only with a right link. */
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { unsubscribeUrl } from '../../../lambdas/core/domain/unsubscribe-link.ts';
import { faultPage } from '../../../lambdas/functions/unsubscribe/pages.ts';
import type { UnsubscribeEvent } from '../../../lambdas/functions/unsubscribe/request.ts';
import { type RouteDeps, routed } from '../../../lambdas/functions/unsubscribe/routes.ts';
import { LANGUAGES, type Language } from '../../../rules/mail-locale.ts';
import { MemoryOwnerSettings } from '../../support/memory-owner-settings.ts';
import { MemoryTable } from '../../support/memory-table.ts';

const SECRET = new TextEncoder().encode('s'.repeat(64));
const ADDRESS = 'team@example.com';

let table: MemoryTable;
let owners: MemoryOwnerSettings;
let deps: RouteDeps;

beforeEach(() => {
  table = new MemoryTable();
  owners = new MemoryOwnerSettings(table);
  deps = { owners, linkSecret: async () => SECRET, clock: () => 1_795_443_600_000 };
});

function eventOf(method: string, body: string | null = null, lang: Language = 'en'): UnsubscribeEvent {
  const url = new URL(
    unsubscribeUrl('https://x.example/keys', SECRET, { kind: 'retired', address: ADDRESS }, lang),
  );
  const [kind, address, code] = url.pathname.split('/').slice(-3);
  return {
    resource: '/unsubscribe/{kind}/{address}/{code}',
    httpMethod: method,
    pathParameters: { kind, address, code },
    queryStringParameters: { lang },
    body,
    requestContext: {
      requestId: 'r-1',
      identity: { sourceIp: '203.0.113.9', userAgent: 'Mozilla/5.0\nfake line' },
    },
  };
}
const left = async () => (await owners.find(ADDRESS))?.unsubscribed;
const events = () => table.chains.get(`owner/${ADDRESS}`) ?? [];

describe('looking', () => {
  it.each(['GET', 'HEAD'])('by %s changes nothing, whatever it sends', async (method) => {
    const { answer, outcome } = await routed(deps, eventOf(method, 'action=leave'));
    expect([answer.statusCode, outcome]).toEqual([200, 'asked']);
    expect(answer.body === '').toBe(method === 'HEAD');
    expect(await left()).toBeUndefined();
    expect(events()).toEqual([]);
  });

  it.each(LANGUAGES)('speaks as the mail did: %s', async (lang) => {
    const { answer } = await routed(deps, eventOf('GET', null, lang));
    expect(answer.body).toContain(`<html lang="${lang}">`);
    expect(answer.body).toContain(ADDRESS);
    expect(answer.body).toContain('<button type="submit" name="action" value="leave">');
  });
});

describe('pressing', () => {
  it.each([
    ['the button', 'action=leave'],
    ['one click in a mail program', 'List-Unsubscribe=One-Click'],
    [
      'one click in a form of parts',
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
    [
      'one click in a form whose parts say what they are',
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\nContent-Type: text/plain; charset="UTF-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
  ])('%s leaves the kind, on record once', async (_what, body) => {
    for (let time = 0; time < 2; time += 1) {
      const { answer, outcome, kind } = await routed(deps, eventOf('POST', body));
      expect([answer.statusCode, outcome, kind]).toEqual([200, 'left', 'retired']);
      expect(answer.body).toContain('You are unsubscribed');
    }
    expect(await left()).toEqual(['retired']);
    expect(events()).toHaveLength(1);
    expect(events()[0]).toMatchObject({
      action: 'owner.settings-changed',
      actor: { principal: 'unsubscribe-link', requestId: 'r-1' },
      origin: { address: '203.0.113.9' },
      detail: { unsubscribed: ['retired'] },
    });
    expect(JSON.stringify(events())).not.toContain('fake line');
  });

  it('is taken back by the other button', async () => {
    await routed(deps, eventOf('POST', 'action=leave'));
    const { answer, outcome } = await routed(deps, eventOf('POST', 'action=return'));
    expect([answer.statusCode, outcome]).toEqual([200, 'returned']);
    expect(await left()).toEqual([]);
    expect(events()).toHaveLength(2);
  });

  it.each([null, '', 'action=all', 'x'.repeat(9000), `action=leave${'&'.repeat(9000)}`])(
    'nothing that is known (%.20s) only asks',
    async (body) => {
      expect((await routed(deps, eventOf('POST', body))).outcome).toBe('asked');
      expect(await left()).toBeUndefined();
    },
  );
});

it('a wrong link is told nothing of any address, however it is asked', async () => {
  const right = eventOf('POST', 'action=leave');
  const others: UnsubscribeEvent[] = [
    { ...right, pathParameters: { ...right.pathParameters, kind: 'reminder' } },
    { ...right, pathParameters: { ...right.pathParameters, code: 'A'.repeat(43) } },
    { ...right, pathParameters: null, queryStringParameters: null },
    { ...right, resource: '/claim/{keyId}/{token}' },
  ];
  const answers = await Promise.all(others.map((event) => routed(deps, event)));
  for (const { answer, outcome } of answers) {
    expect([answer.statusCode, outcome]).toEqual([404, 'wrong']);
    expect(answer.body).not.toContain(ADDRESS);
  }
  expect(new Set(answers.map(({ answer }) => answer.body)).size).toBe(1);
  expect(table.chains.size).toBe(0);
});

it('every page may not be kept, framed or followed back, and runs no script', async () => {
  const answers = [
    (await routed(deps, eventOf('GET'))).answer,
    (await routed(deps, eventOf('POST', 'action=leave'))).answer,
    (await routed(deps, { ...eventOf('GET'), pathParameters: null })).answer,
    faultPage('de'),
  ];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 404, 500]);
  for (const { headers, body } of answers) {
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(body) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
    expect(body).not.toMatch(/<script|(src|href|action)=|\son\w+=|\sstyle=|https?:|undefined/);
  }
});

it('an address is words on the page, whatever stands in it', async () => {
  const address = "o'x<b>@example.com".replace('<b>', '&b');
  const url = new URL(unsubscribeUrl('https://x.example', SECRET, { kind: 'issued', address }, 'en'));
  const [kind, encoded, code] = url.pathname.split('/').slice(-3);
  const event = { ...eventOf('GET'), pathParameters: { kind, address: encoded, code } };
  expect((await routed(deps, event)).answer.body).toContain('o&#39;x&amp;b@example.com');
});
