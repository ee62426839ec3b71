/** The claim function's handler: events of API Gateway in, pages out, no key and no token in its log. */
import { createHash } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newKeyId } from '../../../lambdas/core/domain/key-format.ts';
import { MOST_TRIES_PER_HOUR } from '../../../lambdas/core/use-cases/refuse-link.ts';
import type { HttpAnswer } from '../../../lambdas/functions/http-answer.ts';
import { LONGEST_BODY } from '../../../rules/delivery-paths.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { claimEvent, loadClaim, serveClaims } from '../../support/claim-bench.ts';
import { FakeAws, Fault } from '../../support/fake-aws.ts';
import { issuedKey } from '../../support/issued-key.ts';
import { seededRandomBytes } from '../../support/random-bytes.ts';

const output = captureOutput();
const aws = await FakeAws.start();
const handler = await loadClaim(aws);
const { record, text } = await issuedKey({ name: '<b>Agent</b> & "Co"', delivery: 'claim-link' });
const { keyId } = record;
const TOKEN = Buffer.from(seededRandomBytes('token')(32)).toString('base64url');
const UNKNOWN = newKeyId(seededRandomBytes('unknown'));
let items: Awaited<ReturnType<typeof serveClaims>>;

const post = (action: string, token = TOKEN, id = keyId) =>
  handler(claimEvent('POST', id, token, { action }));
const operations = () => aws.calls.map(({ target }) => target.split('.').at(-1));
const titleOf = ({ body }: HttpAnswer) => /<title>(.*)<\/title>/.exec(body)?.[1];

beforeEach(async () => {
  items = await serveClaims(aws, { record, text, token: TOKEN });
  output.clear();
});
afterAll(async () => {
  output.restore();
  vi.unstubAllEnvs();
  await aws.stop();
});

describe('opening a link', () => {
  it.each(['GET', 'HEAD'])('by %s reads nothing and is one answer, whatever the link', async (method) => {
    const good = await handler(claimEvent(method, keyId, TOKEN));
    await post('show');
    aws.calls.length = 0;
    const others = [
      claimEvent(method, keyId, TOKEN),
      claimEvent(method, keyId, 'guess'),
      claimEvent(method, UNKNOWN, TOKEN),
      claimEvent(method, 'no id', ''),
    ];
    for (const event of others) expect(await handler(event)).toEqual(good);
    expect(aws.calls).toEqual([]);
    expect(good.statusCode).toBe(200);
    for (const fact of [keyId, record.owner, 'Agent', text]) expect(good.body).not.toContain(fact);
    if (method === 'HEAD') expect(good.body).toBe('');
  });

  it.each([
    { 'user-agent': 'Mozilla/5.0 (compatible; LinkScanner/2.0)' },
    { 'Sec-Purpose': 'prefetch;prerender' },
    { purpose: 'preview', 'X-Moz': 'prefetch' },
  ])('by what only looks (%o) takes nothing', async (headers) => {
    for (const method of ['GET', 'HEAD']) await handler(claimEvent(method, keyId, TOKEN, { headers }));
    expect(aws.calls).toEqual([]);
    expect((await post('show')).body).toContain(text);
  });

  it('says nothing in the log', async () => {
    await handler(claimEvent('GET', keyId, TOKEN));
    expect(output.text()).toBe('');
  });
});

describe('every answer', () => {
  it('may not be kept, framed, indexed or followed back, and runs nothing but its own style and script', async () => {
    const answers = [
      await handler(claimEvent('GET', keyId, TOKEN)),
      await handler(claimEvent('HEAD', keyId, TOKEN)),
      await post('show'),
      await post('show'),
      await post('report'),
      await post('show', 'guess'),
      await post('other'),
    ];
    aws.operations['GetItem'] = () => new Fault(400, 'AccessDeniedException');
    answers.push(await post('show'));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 410, 200, 404, 400, 500]);
    for (const { headers, body } of answers) {
      expect(headers).toEqual({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': expect.any(String),
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'x-robots-tag': 'noindex, nofollow',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'strict-transport-security': 'max-age=31536000',
      });
      const policy = String(headers['content-security-policy']);
      expect(policy.replaceAll(/sha256-[A-Za-z0-9+/]{43}=/g, 'sha256')).toBe(
        "default-src 'none'; style-src 'sha256'; script-src 'sha256'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      );
      const inline = [...body.matchAll(/<(style|script)>([\s\S]*?)<\/\1>/g)];
      if (body) expect(inline.length).toBeGreaterThan(0);
      for (const [, , code = ''] of inline) {
        const hash = createHash('sha256').update(code).digest('base64');
        expect(policy).toContain(`'sha256-${hash}'`);
      }
      expect(body).not.toMatch(/(src|href|action)=|\son\w+=|\sstyle=|https?:/);
    }
  });
});

describe('taking the key', () => {
  it('shows it, what it is, and nothing that a name could smuggle in', async () => {
    const { statusCode, body } = await post('show');
    expect(statusCode).toBe(200);
    expect(body.split(text)).toHaveLength(2);
    expect(body).toContain('&lt;b&gt;Agent&lt;/b&gt; &amp; &quot;Co&quot;');
    expect(body).not.toContain('<b>');
    expect(body).toContain(keyId);
  });

  it('is one line of the log with its metric, and has no key and no token in it', async () => {
    await post('show');
    expect(output.lines()).toEqual([
      expect.objectContaining({
        level: 'INFO',
        method: 'POST',
        keyId,
        outcome: 'claimed',
        version: 1,
        requestId: 'request-1',
        KeysClaimed: 1,
      }),
    ]);
    for (const place of [output.text(), JSON.stringify(aws.calls), JSON.stringify([...items])]) {
      expect(place).not.toContain(TOKEN);
      expect(place).not.toContain(text.slice(-49));
    }
    const claimed = [...items.values()].map(({ event }) => event?.['M']).filter(Boolean);
    expect(claimed.at(-1)).toMatchObject({
      actor: {
        M: { principal: { S: 'claim-link' }, via: { S: 'claim-page' }, requestId: { S: 'request-1' } },
      },
      origin: { M: { address: { S: '203.0.113.7' }, userAgent: { S: 'browser/1.0' } } },
    });
  });

  it('a second time says when it was taken, and offers to report it', async () => {
    await post('show');
    output.clear();
    const again = await post('show');
    expect(again.statusCode).toBe(410);
    expect(again.body).toMatch(
      /<time datetime="\d{4}-\d\d-\d\dT[\d:.]+Z">\d+ \w+ \d{4}, \d\d:\d\d UTC<\/time>/,
    );
    expect(again.body).toContain('name="action" value="report"');
    expect(again.body).not.toContain(text);
    expect(output.lines()).toEqual([expect.objectContaining({ outcome: 'taken', version: 1 })]);
  });

  it('does nothing after the write that records it: what failed then would lose the key', async () => {
    await post('show');
    expect(operations().at(-1)).toBe('TransactWriteItems');
  });
});

describe('a report', () => {
  it('is an alarm in the log once, and answered alike after that', async () => {
    await post('show');
    output.clear();
    const first = await post('report');
    expect(first.statusCode).toBe(200);
    expect(output.lines()).toEqual([
      expect.objectContaining({ level: 'ERROR', keyId, version: 1, ClaimsDisputed: 1 }),
      expect.objectContaining({ level: 'INFO', keyId, outcome: 'disputed', version: 1 }),
    ]);
    expect(await post('report')).toEqual(first);
    expect((await post('show')).body).toBe(first.body);
    expect(output.text().split('ClaimsDisputed":1')).toHaveLength(2);
    expect(output.text()).not.toContain(TOKEN);
  });

  it('of a key that nobody has taken shows the first page again', async () => {
    const start = await handler(claimEvent('GET', keyId, TOKEN));
    expect(await post('report')).toEqual(start);
    expect((await post('show')).body).toContain(text);
  });
});

describe('a wrong link', () => {
  const tries: readonly (readonly [string, string, string])[] = [
    ['guessed', keyId, 'guess'],
    ['truncated', keyId, TOKEN.slice(0, -1)],
    ['longer', keyId, `${TOKEN}A`],
    ['in the other case', keyId, TOKEN.toLowerCase()],
    ['empty', keyId, ''],
    ['of a key that is not there', UNKNOWN, TOKEN],
    ['with an id that is none', '../META', TOKEN],
    ['with a whole key for an id', text, TOKEN],
  ];

  it('is the same answer byte for byte, after the same time at least', async () => {
    const answers: HttpAnswer[] = [];
    for (const [, id, token] of tries) {
      for (const action of ['show', 'report']) {
        const startedMs = performance.now();
        answers.push(await post(action, token, id));
        expect(performance.now() - startedMs).toBeGreaterThan(200);
      }
    }
    expect(answers[0]?.statusCode).toBe(404);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect((await post('show')).body).toContain(text);
  });

  it.each(tries)('%s is a warning, counted, and nothing of it is logged', async (_what, id, token) => {
    await post('show', token, id);
    expect(output.lines()).toEqual([
      expect.objectContaining({ level: 'WARN', outcome: 'wrong', ClaimsRefused: 1 }),
    ]);
    for (const secret of [TOKEN, TOKEN.toLowerCase(), TOKEN.slice(0, -1), text]) {
      expect(output.text()).not.toContain(secret);
    }
  });

  it('costs the same calls whether there is such a key or not, but once an hour', async () => {
    await post('show', 'guess');
    await post('show', 'guess', UNKNOWN);
    aws.calls.length = 0;
    await post('show', 'guess');
    const known = operations();
    aws.calls.length = 0;
    await post('show', 'guess', UNKNOWN);
    expect(operations()).toEqual(known);
    expect(known).toEqual(['GetItem', 'UpdateItem']);
  });

  it.each([
    ['a key', keyId],
    ['a key that is not there', UNKNOWN],
  ])('too often for %s is 429 until the next hour, and the right one works', async (_what, id) => {
    for (const name of [keyId, UNKNOWN]) {
      const hour = new Date().toISOString().slice(0, 13);
      items.set(`KEY#${name}/CLAIM-TRIES#${hour}`, { tries: { N: String(MOST_TRIES_PER_HOUR) } });
    }
    const answer = await post('show', 'guess', id);
    expect(answer.statusCode).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(3600);
    expect(output.lines()).toEqual([
      expect.objectContaining({ level: 'WARN', outcome: 'too-many', ClaimsRefused: 1 }),
    ]);
    expect((await post('show')).body).toContain(text);
  });
});

describe('what did not come from the page', () => {
  it.each<[string, Parameters<typeof claimEvent>[3] & { readonly method?: string }]>([
    ['no action', {}],
    ['another action', { action: 'take' }],
    ['a property of an object', { action: 'constructor' }],
    ['a form of another site', { action: 'show', headers: { 'Sec-Fetch-Site': 'cross-site' } }],
    ['a form of a sibling', { action: 'show', headers: { 'sec-fetch-site': 'same-site' } }],
    ['a body that is too long', { action: `show&x=${'x'.repeat(LONGEST_BODY)}` }],
    ['another method', { action: 'show', method: 'PUT' }],
  ])('%s takes nothing', async (_what, { method = 'POST', ...sent }) => {
    const answer = await handler(claimEvent(method, keyId, TOKEN, sent));
    expect(answer.statusCode).toBe(400);
    expect(aws.calls).toEqual([]);
    expect((await post('show')).body).toContain(text);
  });

  it.each([{}, { 'Sec-Fetch-Site': 'same-origin' }, { 'sec-fetch-site': 'none' }])(
    'is not what a browser sends with the page’s own form: %o',
    async (headers) => {
      const answer = await handler(claimEvent('POST', keyId, TOKEN, { action: 'show', headers }));
      expect(answer.body).toContain(text);
    },
  );

  it('is another route', async () => {
    const event = { ...claimEvent('POST', keyId, TOKEN, { action: 'show' }), resource: '/claim' };
    expect((await handler(event)).statusCode).toBe(400);
    expect(aws.calls).toEqual([]);
  });
});

describe('a fault', () => {
  it.each(['GetItem', 'Decrypt', 'TransactWriteItems', 'UpdateItem'])(
    'of %s is a page of the same dress, counted, and gives nothing away',
    async (operation) => {
      aws.operations[operation] = () => new Fault(400, 'AccessDeniedException');
      const answer = await post('show', operation === 'UpdateItem' ? 'guess' : TOKEN);
      expect(answer.statusCode).toBe(500);
      expect(titleOf(answer)).toBe('That did not work');
      expect(answer.body).not.toMatch(/Denied/);
      expect(output.lines()).toEqual([
        expect.objectContaining({ level: 'ERROR', fault: 'AccessDeniedException', ClaimFault: 1 }),
      ]);
      expect(output.text()).not.toContain(TOKEN);
    },
  );

  it('of a seal that was altered is an alarm too, and is on record', async () => {
    aws.operations['Decrypt'] = () => ({ Plaintext: Buffer.alloc(32).toString('base64') });
    expect((await post('show')).statusCode).toBe(500);
    expect(output.lines()).toEqual([
      expect.objectContaining({ level: 'ERROR', keyId, SealBroken: 1 }),
      expect.objectContaining({ level: 'ERROR', fault: 'SealBroken', ClaimFault: 1 }),
    ]);
    expect(JSON.stringify(aws.bodiesOf('TransactWriteItems'))).toContain('security.seal-broken');
  });
});
