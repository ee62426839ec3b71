/** What the mail service tells, put on record: of the notice, of the key, of the address, and of a claim link. */
import { beforeEach, describe, expect, it } from 'vitest';
import { sampleWebhooks } from '../../../cli/notices/sample-webhooks.ts';
import type { MailEvent } from '../../../lambdas/core/domain/mail-event.ts';
import type { MailRef } from '../../../lambdas/core/domain/mail-ref.ts';
import type {
  MailNotice,
  NoticeState,
  StoredNotice,
  WebhookMailNotice,
} from '../../../lambdas/core/domain/notice.ts';
import type { ClaimLink } from '../../../lambdas/core/ports/key-place.ts';
import { offerVersion } from '../../../lambdas/core/use-cases/offer-version.ts';
import { resendNotice } from '../../../lambdas/core/use-cases/resend-notice.ts';
import { type SettleDeps, settleMail } from '../../../lambdas/core/use-cases/settle-mail.ts';
import { takeByLink } from '../../../lambdas/core/use-cases/take-by-link.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { MemoryClaimTries } from '../../support/memory-claim-tries.ts';
import { MemoryMailBlocks } from '../../support/memory-mail-blocks.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { Crash } from '../../support/memory-table.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';
import { chainHolds } from '../../support/rotation-world.ts';
import { Turns } from '../../support/turns.ts';

const OWNER = 'team@example.com';
let world: MemoryWorld;
let outbox: MemoryOutbox;
let blocks: MemoryMailBlocks;
let deps: SettleDeps;

beforeEach(() => {
  world = new MemoryWorld();
  outbox = new MemoryOutbox(world.table);
  blocks = new MemoryMailBlocks();
  deps = { store: world.store, outbox, blocks, clock: world.clock.read };
});

const told = (
  ref: MailRef | undefined,
  fate: MailEvent['fate'],
  changes: Partial<MailEvent> = {},
): MailEvent => ({
  ...(ref ? { ref } : {}),
  fate,
  recipient: OWNER,
  receipt: 'm-1',
  mailedAtMs: world.clock.read(),
  atMs: world.clock.read() + 1000,
  ...(['sent', 'delivered'].includes(fate) ? {} : { why: `The mail ${fate}.` }),
  ...changes,
});

const actionsOf = async (keyId: string) => (await world.store.auditEvents(keyId)).map(({ action }) => action);
const blockOf = (address = OWNER) => blocks.find(address, world.clock.read());

/** The first notice of a new key, as its sender has left it. */
async function noticeIn(
  state: Partial<NoticeState>,
): Promise<{ keyId: string; ref: MailRef; notice: MailNotice }> {
  const { keyId } = await world.issue();
  const [stored] = [...world.table.notices.values()] as StoredNotice[];
  if (stored?.notice.channel !== 'mail') throw new Error('No mail is caused by a new key.');
  const { notice } = stored;
  await outbox.move(stored, { status: 'sending', attempts: 1, dueAtMs: 0, ...state });
  return { keyId, notice, ref: { of: 'notice', notice, attempt: 1 } };
}

const stateOf = async (notice: MailNotice): Promise<NoticeState> =>
  (await outbox.find(notice))?.state as NoticeState;

describe('a notice', () => {
  it('whose sender died is sent once the service has it; nothing of it is the key’s', async () => {
    const { keyId, ref, notice } = await noticeIn({});
    const before = await actionsOf(keyId);

    expect(await settleMail(deps, told(ref, 'sent'))).toBe('settled');

    expect(await stateOf(notice)).toMatchObject({ status: 'sent', receipt: 'm-1' });
    expect(await settleMail(deps, told(ref, 'sent'))).toBe('known');
    expect(await actionsOf(keyId)).toEqual(before);
  });

  it.each([
    ['bounced', 'notice.bounced'],
    ['complained', 'notice.complained'],
  ] as const)('that %s is an event of its key, once, in the same write', async (fate, action) => {
    const { keyId, ref, notice } = await noticeIn({ status: 'sent', receipt: 'm-1' });

    expect(await settleMail(deps, told(ref, fate))).toBe('settled');
    expect(await settleMail(deps, told(ref, fate))).toBe('known');
    expect(await settleMail(deps, told(ref, 'delivered'))).toBe('known');

    expect(await stateOf(notice)).toMatchObject({ status: fate, why: `The mail ${fate}.` });
    const events = (await world.store.auditEvents(keyId)).filter((event) => event.action === action);
    expect(events).toEqual([
      expect.objectContaining({
        outcome: 'failure',
        reason: `The mail ${fate}.`,
        actor: { principal: 'keyturn:mail-events', via: 'ses' },
        detail: expect.objectContaining({ kind: 'issued', recipient: OWNER, receipt: 'm-1' }),
      }),
    ]);
    expect(await chainHolds(world, keyId)).toBe(true);
  });

  it('that came back this time told nobody either: its address stays as it is, and it may be sent again', async () => {
    const { keyId, ref, notice } = await noticeIn({ status: 'sent', receipt: 'm-1' });

    expect(await settleMail(deps, told(ref, 'returned'))).toBe('settled');
    expect(await settleMail(deps, told(ref, 'returned'))).toBe('known');

    expect(await stateOf(notice)).toMatchObject({ status: 'bounced', why: 'The mail returned.' });
    expect((await actionsOf(keyId)).filter((action) => action === 'notice.bounced')).toHaveLength(1);
    expect(await blockOf()).toBeUndefined();
    expect(await resendNotice({ outbox, clock: world.clock.read }, notice)).toBe('resent');
  });

  it('that the service did not send on is given up, for an operator to see', async () => {
    const { ref, notice } = await noticeIn({ status: 'sent', receipt: 'm-1' });
    await settleMail(deps, told(ref, 'rejected'));
    expect(await stateOf(notice)).toMatchObject({ status: 'parked', why: 'The mail rejected.' });
    await settleMail(deps, told(ref, 'sent'));
    expect(await stateOf(notice)).toMatchObject({ status: 'parked' });
  });

  it.each(['bounced', 'complained'] as const)(
    'about a webhook that %s is settled by itself: no key has an event of it',
    async (fate) => {
      const { keyId } = await world.issue();
      const before = await actionsOf(keyId);
      const [sample] = sampleWebhooks(START_MS);
      const notice = sample?.notice as WebhookMailNotice;
      await outbox.put(notice);
      const stored = (await outbox.find(notice)) as StoredNotice;
      await outbox.move(stored, { status: 'sent', attempts: 1, sentAtMs: 1, receipt: 'm-1' });
      const ref: MailRef = { of: 'notice', notice, attempt: 1 };
      expect(await settleMail(deps, told(ref, fate))).toBe('settled');
      expect(await settleMail(deps, told(ref, fate))).toBe('known');
      expect(await stateOf(notice)).toMatchObject({ status: fate, why: `The mail ${fate}.` });
      expect(await blockOf()).toMatchObject({ state: fate });
      expect(await actionsOf(keyId)).toEqual(before);
    },
  );

  it('that is gone, or never was, changes nothing', async () => {
    const { keyId } = await world.issue();
    const ref: MailRef = {
      of: 'notice',
      notice: { partition: `KEY#${keyId}`, noticeId: 'no#such' },
      attempt: 1,
    };
    expect(await settleMail(deps, told(ref, 'bounced'))).toBe('known');
    expect(await settleMail(deps, told(undefined, 'delivered'))).toBe('known');
  });

  it.each(['before', 'after'] as const)(
    'is settled by the next try where the write broke off %s',
    async (when) => {
      const { keyId, ref, notice } = await noticeIn({});
      world.table.crashOnce(when);
      await expect(settleMail(deps, told(ref, 'bounced'))).rejects.toThrow(Crash);
      await settleMail(deps, told(ref, 'bounced'));
      expect(await stateOf(notice)).toMatchObject({ status: 'bounced' });
      expect((await actionsOf(keyId)).filter((action) => action === 'notice.bounced')).toHaveLength(1);
    },
  );

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'with its sender and three events at once ends as one that came back, with one event (order %i)',
    async (seed) => {
      const { keyId, ref, notice } = await noticeIn({});
      const turns = new Turns(seed);
      world.table.turn = turns.turn;
      const sender = async () => {
        const stored = (await outbox.find(notice)) as StoredNotice;
        if (stored.state.status !== 'sending') return;
        await outbox.move(stored, { status: 'sent', attempts: 1, sentAtMs: 1, receipt: 'm-1' });
      };
      const events = ['sent', 'bounced', 'bounced', 'delivered'] as const;
      await turns.until(Promise.all([sender(), ...events.map((fate) => settleMail(deps, told(ref, fate)))]));
      world.table.turn = () => Promise.resolve();
      expect(await stateOf(notice)).toMatchObject({ status: 'bounced', receipt: 'm-1' });
      expect((await actionsOf(keyId)).filter((action) => action === 'notice.bounced')).toHaveLength(1);
      expect(await chainHolds(world, keyId)).toBe(true);
    },
  );
});

describe('the address', () => {
  it('is on record from a mail that came back for good, and from one that was unwanted', async () => {
    await settleMail(deps, told(undefined, 'bounced'));
    expect(await blockOf()).toMatchObject({ state: 'bounced', why: 'The mail bounced.' });
    await settleMail(deps, told(undefined, 'complained', { recipient: 'Other@example.com' }));
    expect(await blockOf('other@example.com')).toMatchObject({ state: 'complained' });
  });

  it.each(['sent', 'delivered', 'delayed', 'returned', 'rejected'] as const)(
    'is not for a mail that was %s',
    async (fate) => {
      await settleMail(deps, told(undefined, fate));
      expect(await blockOf()).toBeUndefined();
    },
  );

  it('is free again once a later mail arrives there', async () => {
    await settleMail(deps, told(undefined, 'bounced'));
    await settleMail(deps, told(undefined, 'delivered'));
    expect(await blockOf()).toMatchObject({ state: 'bounced' });
    world.clock.advanceSeconds(60);
    await settleMail(deps, told(undefined, 'delivered', { receipt: 'm-2' }));
    expect(await blockOf()).toBeUndefined();
  });
});

describe('a mail with a claim link', () => {
  async function mailed(): Promise<{ keyId: string; ref: MailRef; link: ClaimLink }> {
    const { keyId } = await world.issue({ delivery: 'claim-link' });
    await offerVersion(world.deps, keyId, { actor: OPERATOR });
    const link = world.links.sent.at(-1) as ClaimLink;
    return { keyId, link, ref: { of: 'link', keyId, version: link.version, tokenHash: link.tokenHash } };
  }
  const offerOf = async (keyId: string) => (await world.store.find(keyId))?.versions.at(-1)?.offer;
  const failures = async (keyId: string) =>
    (await actionsOf(keyId)).filter((action) => action === 'version.not-delivered');

  it.each(['bounced', 'returned', 'complained', 'rejected'] as const)(
    'that %s is an offer that came to nothing, once',
    async (fate) => {
      const { keyId, ref } = await mailed();
      expect(await settleMail(deps, told(ref, fate))).toBe('settled');
      expect(await settleMail(deps, told(ref, fate))).toBe('known');
      expect(await settleMail(deps, told(ref, 'delivered'))).toBe('known');
      expect(await offerOf(keyId)).toMatchObject({ by: 'claim-link', failure: `The mail ${fate}.` });
      expect(await failures(keyId)).toHaveLength(1);
    },
  );

  it('works on all the same: whoever has it may take the key', async () => {
    const { keyId, ref, link } = await mailed();
    await settleMail(deps, told(ref, 'bounced'));
    const token = link.url.reveal().split('/').at(-1) as string;
    const claim = { ...world.deps, tries: new MemoryClaimTries(), alarm: world.alarm };
    expect(await takeByLink(claim, { keyId, token, actor: OPERATOR })).toMatchObject({ outcome: 'claimed' });
    expect(await settleMail(deps, told(ref, 'complained'))).toBe('known');
  });

  it('stays the try that it was: a reminder since is an occasion for another, whenever its failure is heard of', async () => {
    const { keyId, ref } = await mailed();
    const tried = await offerOf(keyId);
    world.clock.advanceSeconds(3600);
    await settleMail(deps, told(ref, 'bounced'));
    expect(await offerOf(keyId)).toEqual({ ...tried, failure: 'The mail bounced.' });
  });

  it('is offered anew after it came back', async () => {
    const { keyId, ref } = await mailed();
    await settleMail(deps, told(ref, 'bounced'));
    await offerVersion(world.deps, keyId, { actor: OPERATOR });
    expect(world.links.sent).toHaveLength(2);
    // Of the first one nothing is said any more.
    expect(await settleMail(deps, told(ref, 'bounced'))).toBe('known');
    expect(await offerOf(keyId)).not.toHaveProperty('failure');
  });

  it.each(['delayed', 'sent', 'delivered'] as const)('that is %s changes nothing', async (fate) => {
    const { keyId, ref } = await mailed();
    const before = await world.store.find(keyId);
    expect(await settleMail(deps, told(ref, fate))).toBe('known');
    expect(await world.store.find(keyId)).toEqual(before);
  });

  it('is out when the service says so, though its sender died before it could', async () => {
    const { keyId } = await world.issue({ delivery: 'claim-link' });
    const send = world.links.send.bind(world.links);
    world.links.send = async (link) => {
      await send(link);
      throw new Error('killed');
    };
    await expect(offerVersion(world.deps, keyId, { actor: OPERATOR })).rejects.toThrow('killed');
    expect(await offerOf(keyId)).toMatchObject({ failure: 'The link is not out yet.' });
    const { version, tokenHash } = world.links.sent[0] as ClaimLink;

    await settleMail(deps, told({ of: 'link', keyId, version, tokenHash }, 'sent'));

    expect(await offerOf(keyId)).not.toHaveProperty('failure');
    expect(world.links.sent).toHaveLength(1);
  });

  it('that came back before its sender could say that it is out stays one that came back', async () => {
    const { keyId } = await world.issue({ delivery: 'claim-link' });
    const send = world.links.send.bind(world.links);
    world.links.send = async (link) => {
      const { version, tokenHash } = link;
      await settleMail(deps, told({ of: 'link', keyId, version, tokenHash }, 'bounced'));
      return send(link);
    };
    expect(await offerVersion(world.deps, keyId, { actor: OPERATOR })).toMatchObject({
      outcome: 'undelivered',
      why: 'The mail bounced.',
    });
    expect(await offerOf(keyId)).toMatchObject({ failure: 'The mail bounced.' });
  });
});
