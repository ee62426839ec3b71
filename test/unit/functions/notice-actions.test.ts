/** What operators are shown of notices, what they have sent again, and what they are refused. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Notice, NoticeState, StoredNotice } from '../../../lambdas/core/domain/notice.ts';
import { type NoticeAdminDeps, notices, resend } from '../../../lambdas/functions/admin/notice-actions.ts';
import type {
  NoticesInput,
  NoticesPage,
  ResendInput,
} from '../../../lambdas/functions/admin/notices-contract.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { MemoryWorld } from '../../support/memory-world.ts';
import { sampleNotice } from '../../support/sample-records.ts';

let world: MemoryWorld;
let outbox: MemoryOutbox;
let deps: NoticeAdminDeps;
let keyId: string;
beforeEach(async () => {
  world = new MemoryWorld();
  world.store.notifies = false;
  outbox = new MemoryOutbox(world.table);
  deps = { ...world.deps, outbox };
  keyId = (await world.issue()).keyId;
});

const KINDS = ['rotation-started', 'reminder', 'extended', 'retired', 'emergency'] as const;

const ID = 'wh_Ab3dEf7hIj9L';
const WEBHOOK = {
  channel: 'webhook',
  partition: `WEBHOOK#${ID}`,
  noticeId: `key/Ab3dEf7hIj9L/7#key.issued#${ID}`,
  kind: 'key.issued',
  recipient: ID,
  madeAtMs: START_MS,
  facts: {},
} as const;
const ALERT = {
  channel: 'alert',
  partition: 'ALERT#key/Ab3dEf7hIj9L',
  noticeId: '7#emergency#security',
  kind: 'emergency',
  recipient: 'security',
  madeAtMs: START_MS,
  facts: {},
} as const;
const DISABLED = {
  channel: 'mail',
  partition: `WEBHOOK#${ID}`,
  noticeId: `${ID}-3#webhook-disabled#a/b@example.com`,
  kind: 'webhook-disabled',
  recipient: 'a/b@example.com',
  madeAtMs: START_MS,
  facts: { webhookId: ID, host: 'hooks.example.com', why: 'gone', atMs: START_MS },
} as const;

/** One a minute, the first parked, the second sent. */
async function many(): Promise<void> {
  for (const [minute, kind] of KINDS.entries()) {
    const madeAtMs = START_MS + minute * 60_000;
    await outbox.put(sampleNotice(keyId, { kind, madeAtMs }));
  }
  await become('rotation-started', {
    status: 'parked',
    attempts: 1,
    settledAtMs: START_MS,
    why: 'Not verified.',
  });
  await become('reminder', { status: 'sent', attempts: 2, sentAtMs: START_MS, receipt: 'm-1' });
}

const stored = async (kind: (typeof KINDS)[number]) =>
  (await outbox.find(sampleNotice(keyId, { kind }))) as StoredNotice;

async function become(kind: (typeof KINDS)[number], state: NoticeState): Promise<void> {
  expect(await outbox.move(await stored(kind), state)).toBe('moved');
}

async function asked(input: NoticesInput): Promise<NoticesPage> {
  const response = await notices(deps, input);
  if (!response.ok) throw new Error(response.error.message);
  return response.result;
}

const kindsOf = async (input: NoticesInput) => (await asked(input)).notices.map(({ kind }) => kind);

describe('notices', () => {
  it('of a key are shown the latest first, with who was told, how it stands and why not', async () => {
    await many();
    expect(await kindsOf({ keyId })).toEqual([...KINDS].reverse());
    const page = await asked({ keyId });
    expect(page.notices.at(-1)).toEqual({
      noticeId: `KEY#${keyId}/r-1#rotation-started#team@example.com`,
      keyId,
      owner: 'team@example.com',
      rotationId: 'r-1',
      channel: 'mail',
      kind: 'rotation-started',
      recipient: 'team@example.com',
      status: 'parked',
      madeAt: '2026-11-23T14:00:00.000Z',
      attempts: 1,
      nextTryAt: null,
      sentAt: null,
      settledAt: '2026-11-23T14:00:00.000Z',
      receipt: null,
      why: 'Not verified.',
      dismissedBy: null,
      dismissedFor: null,
    });
    expect(page.notices.at(-2)).toMatchObject({
      status: 'sent',
      receipt: 'm-1',
      sentAt: '2026-11-23T14:00:00.000Z',
    });
  });

  it('come in pages that miss and repeat nothing', async () => {
    await many();
    const kinds: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await asked({ keyId, limit: 2, ...(nextToken === undefined ? {} : { nextToken }) });
      kinds.push(...page.notices.map(({ kind }) => kind));
      nextToken = page.nextToken ?? undefined;
    } while (nextToken !== undefined);
    expect(kinds).toEqual([...KINDS].reverse());
  });

  it('that are parked are shown of one key or of all', async () => {
    await many();
    const other = (await world.issue()).keyId;
    expect(await kindsOf({ keyId, parked: true })).toEqual(['rotation-started']);
    expect(await kindsOf({ keyId: other, parked: true })).toEqual([]);
    expect(await kindsOf({ parked: true })).toEqual(['rotation-started']);
    expect(await kindsOf({})).toEqual(['rotation-started']);
  });

  it.each<[NoticesInput, string]>([
    [{ keyId: '000000000000' }, 'unknown-key'],
    [{ keyId: 7 as never }, 'unknown-key'],
    [{ limit: 0 }, 'bad-request'],
    [{ limit: 101 }, 'bad-request'],
    [{ parked: 'yes' as never }, 'bad-request'],
    [{ nextToken: 'nonsense' }, 'bad-request'],
    [{ nextToken: 7 as never }, 'bad-request'],
  ])('are refused for %j with %s', async (input, code) => {
    expect(await notices(deps, input)).toMatchObject({ ok: false, error: { code } });
  });

  it('of a key are refused for a token of another listing', async () => {
    expect(await notices(deps, { keyId, nextToken: 'nonsense' })).toMatchObject({
      ok: false,
      error: { code: 'bad-request' },
    });
  });
});

describe('sending again', () => {
  const idOf = (kind: (typeof KINDS)[number]) => `KEY#${keyId}/${sampleNotice(keyId, { kind }).noticeId}`;

  it('has one that was parked sent as if it were new', async () => {
    await many();
    expect(await resend(deps, { noticeId: idOf('rotation-started') })).toEqual({
      ok: true,
      result: { resent: 1, more: false },
    });
    expect((await stored('rotation-started')).state).toEqual({
      status: 'waiting',
      attempts: 1,
      formerAttempts: 1,
      dueAtMs: START_MS,
    });
  });

  it('has all sent that are parked', async () => {
    await many();
    await become('retired', { status: 'parked', attempts: 14, settledAtMs: START_MS, why: 'Out of reach.' });
    expect(await resend(deps, { parked: true })).toEqual({ ok: true, result: { resent: 2, more: false } });
    expect(await kindsOf({ parked: true })).toEqual([]);
    expect(await resend(deps, { parked: true })).toEqual({ ok: true, result: { resent: 0, more: false } });
  });

  it('has one sent again that came back, and none that was sent or is on its way', async () => {
    await many();
    await become('extended', { status: 'bounced', attempts: 1, settledAtMs: START_MS, why: 'No mailbox.' });
    expect(await resend(deps, { noticeId: idOf('extended') })).toMatchObject({ ok: true });
    for (const kind of ['reminder', 'retired'] as const) {
      expect(await resend(deps, { noticeId: idOf(kind) })).toMatchObject({
        ok: false,
        error: { code: 'conflict' },
      });
    }
  });

  it.each<[ResendInput, string]>([
    [{}, 'bad-request'],
    [{ parked: false }, 'bad-request'],
    [{ parked: 'all' as never }, 'bad-request'],
    [{ noticeId: 'r-1#retired#team@example.com' }, 'unknown-notice'],
    [{ noticeId: 'KEY#000000000000/r-1#retired#team@example.com' }, 'unknown-notice'],
    [{ noticeId: 'MAIL#a@example.com/BLOCK' }, 'unknown-notice'],
    [{ noticeId: 'KEY#000000000000/' }, 'unknown-notice'],
    [{ noticeId: 'KEY#000000000000/x', parked: true }, 'bad-request'],
    [{ noticeId: 7 as never }, 'bad-request'],
    [{ noticeId: 'x'.repeat(1001) }, 'bad-request'],
  ])('is refused for %j with %s', async (input, code) => {
    expect(await resend(deps, input)).toMatchObject({ ok: false, error: { code } });
  });

  it.each<[string, Partial<Notice>]>([
    ['a webhook', WEBHOOK],
    ['an alert', ALERT],
    [
      'an alert of an owner whose address has what others mean something by',
      { ...ALERT, partition: 'ALERT#owner/a#b/c@example.com' },
    ],
    ['a mail of a webhook', { ...DISABLED }],
  ])('has one of %s sent by the id that the listing has', async (_of, notice) => {
    await outbox.put(notice as Notice);
    const waiting = (await outbox.find(notice as Notice)) as StoredNotice;
    await outbox.move(waiting, {
      status: 'parked',
      attempts: 9,
      settledAtMs: START_MS,
      why: 'Out of reach.',
    });

    const [listed] = (await asked({})).notices;
    expect(await resend(deps, { noticeId: String(listed?.noticeId) })).toMatchObject({ ok: true });
    expect((await outbox.find(notice as Notice))?.state.status).toBe('waiting');
  });
});
