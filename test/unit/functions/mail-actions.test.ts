/** What operators ask about mail: whether it can be sent, and that an address gets it again. */
import { beforeEach, describe, expect, it } from 'vitest';
import { blockOf, withholds } from '../../../lambdas/core/domain/mail-block.ts';
import {
  type MailDesk,
  mailBlocksOf,
  mailStatus,
  unblockMail,
} from '../../../lambdas/functions/admin/mail-actions.ts';
import { MAIL_KIND_RULES, MAIL_KINDS } from '../../../rules/mail-kinds.ts';
import { ManualClock, START_MS } from '../../support/manual-clock.ts';
import { MemoryAuditChains } from '../../support/memory-audit-chains.ts';
import { MemoryMailBlocks } from '../../support/memory-mail-blocks.ts';
import { MemoryTable } from '../../support/memory-table.ts';
import { OPERATOR } from '../../support/memory-world.ts';

const ADDRESS = 'team@example.com';
const settings = { from: 'keys@acme.dev', configurationSet: 'Keyturn-set' };
let table: MemoryTable;
let desk: MailDesk & { readonly blocks: MemoryMailBlocks };

beforeEach(() => {
  table = new MemoryTable();
  const clock = new ManualClock();
  desk = { blocks: new MemoryMailBlocks(table), chains: new MemoryAuditChains(table), clock: clock.read };
});

const bounce = (recipient = ADDRESS) =>
  desk.blocks.block(
    blockOf('bounced', { recipient, why: 'No such user.', atMs: START_MS - 1000 }),
    START_MS - 2000,
  );

describe('the standing of the sender', () => {
  it('is null where no mail is sent', async () => {
    expect(await mailStatus(desk)).toEqual({ ok: true, result: null });
  });

  it('is told as the mail service has it', async () => {
    const standing = { sandbox: true, sendingEnabled: true, hasConfigurationSet: true, sentToday: 3 };
    const service = { settings, reader: { standing: async () => standing } };
    expect(await mailStatus({ ...desk, service })).toEqual({
      ok: true,
      result: { ...settings, ...standing, verifiedBy: null, dailyQuota: null },
    });
  });
});

describe('sending again to an address', () => {
  const unblock = (input: Partial<{ address: string; reason: string }> = {}) =>
    unblockMail(desk, { address: ADDRESS, reason: 'The mailbox is back.', ...input }, OPERATOR);

  it('lifts what was on record, with an event that says who and why', async () => {
    await bounce();
    expect(await unblock({ address: 'Team@Example.com' })).toEqual({
      ok: true,
      result: { address: 'Team@Example.com' },
    });
    expect(await desk.blocks.find(ADDRESS, START_MS)).toBeUndefined();
    expect(table.chains.get(`mail/${ADDRESS}`)).toEqual([
      expect.objectContaining({
        action: 'mail.unblocked',
        actor: OPERATOR,
        reason: 'The mailbox is back.',
        detail: { address: ADDRESS, state: 'bounced', since: '2026-11-23T13:59:59.000Z' },
      }),
    ]);
  });

  it('has one event where two ask at once, and the other hears that there is nothing to lift', async () => {
    await bounce();
    const answers = await Promise.all([unblock(), unblock()]);
    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ error: { code: 'not-blocked' } });
    expect(table.chains.get(`mail/${ADDRESS}`)).toHaveLength(1);
  });

  it.each(['before', 'after'] as const)(
    'that dies %s its write leaves the change with its event, or neither',
    async (when) => {
      await bounce();
      table.crashOnce(when);
      await expect(unblock()).rejects.toThrow('The connection broke');
      const isLifted = (await desk.blocks.find(ADDRESS, START_MS)) === undefined;
      expect(isLifted).toBe(when === 'after');
      expect(table.chains.has(`mail/${ADDRESS}`)).toBe(isLifted);
    },
  );

  it('says that there is nothing to lift, and puts nothing on record', async () => {
    expect(await unblock()).toMatchObject({
      ok: false,
      error: { code: 'not-blocked', message: expect.stringContaining(ADDRESS) },
    });
    expect(table.chains.size).toBe(0);
  });

  it.each([
    [{ address: 'team' }, /address 'team' is not a mail address/],
    [{ address: 7 as never }, /address '7' is not a mail address/],
    [{ address: 'a@b.c\r\nx' }, /is not a mail address/],
    [{ reason: '' }, /reason '' is empty/],
    [{ reason: undefined as never }, /reason \(absent\) is not text/],
    [{ reason: 'a\nb' }, /line breaks/],
  ])('is refused with %j', async (input, message) => {
    await bounce();
    const answer = await unblock(input);
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    expect(!answer.ok && answer.error.message).toMatch(message);
    expect(await desk.blocks.find(ADDRESS, START_MS)).toBeDefined();
  });
});

it('shows of a key’s addresses those that mail does not reach', async () => {
  await bounce();
  await desk.blocks.block(
    blockOf('complained', { recipient: 'ops@example.com', why: 'It was unwanted.', atMs: START_MS }),
    START_MS - 1000,
  );
  const recipients = ['ops@example.com', 'well@example.com', ADDRESS];
  expect(await mailBlocksOf(desk, { owner: ADDRESS, recipients })).toEqual([
    {
      address: ADDRESS,
      state: 'bounced',
      since: '2026-11-23T13:59:59.000Z',
      why: 'No such user.',
      until: '2027-02-21T13:59:59.000Z',
    },
    {
      address: 'ops@example.com',
      state: 'complained',
      since: '2026-11-23T14:00:00.000Z',
      why: 'It was unwanted.',
      until: null,
    },
  ]);
  expect(await mailBlocksOf(desk, { owner: 'well@example.com' })).toEqual([]);
});

describe('to an address that mail comes back from', () => {
  const block = blockOf('bounced', { recipient: ADDRESS, why: 'No such user.', atMs: START_MS });

  it.each(MAIL_KINDS)('a mail of the kind %s is withheld where an owner may do without it', (kind) => {
    const why = withholds(block, { kind });
    if (MAIL_KIND_RULES[kind].leavable) expect(why).toBe('Mail to this address came back: No such user.');
    else expect(why).toBeUndefined();
    expect(withholds(undefined, { kind })).toBeUndefined();
  });

  it('says of one that was unwanted that it was', () => {
    expect(withholds({ ...block, state: 'complained' }, { kind: 'reminder' })).toMatch(/^Mail .* unwanted/);
  });
});
