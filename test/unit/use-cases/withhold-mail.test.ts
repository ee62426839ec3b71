/** A notice to an address that mail comes back from, as the outbox's sender meets it. */
import { beforeEach, expect, it } from 'vitest';
import { blockOf } from '../../../lambdas/core/domain/mail-block.ts';
import type { KeyMailNotice } from '../../../lambdas/core/domain/notice.ts';
import type { NoticeSender } from '../../../lambdas/core/ports/notices.ts';
import { withholdingSender } from '../../../lambdas/core/use-cases/withhold-mail.ts';
import { ManualClock, START_MS } from '../../support/manual-clock.ts';
import { MemoryMailBlocks } from '../../support/memory-mail-blocks.ts';

const notice = (kind: KeyMailNotice['kind']): KeyMailNotice => ({
  channel: 'mail',
  partition: 'KEY#FF05xY0L9hQm',
  noticeId: `r-1#${kind}#team@example.com`,
  madeAtMs: START_MS,
  kind,
  recipient: 'team@example.com',
  facts: { keyName: 'Agent', environment: 'live', delivery: 'operator', atMs: START_MS },
});
let blocks: MemoryMailBlocks;
let tries: [string, number][];
let sender: NoticeSender<KeyMailNotice>;

beforeEach(() => {
  blocks = new MemoryMailBlocks();
  tries = [];
  sender = withholdingSender(
    { blocks, clock: new ManualClock().read },
    {
      send: async ({ kind }, attempt) => {
        tries.push([kind, attempt]);
        return { outcome: 'sent', receipt: 'm-1' };
      },
    },
  );
});
const bounce = () =>
  blocks.block(
    blockOf('bounced', { recipient: 'Team@example.com', why: 'No such user.', atMs: START_MS - 2 }),
    START_MS - 3,
  );

it('is sent where nothing is known of the address', async () => {
  expect(await sender.send(notice('reminder'), 2)).toEqual({ outcome: 'sent', receipt: 'm-1' });
  expect(tries).toEqual([['reminder', 2]]);
});

it('is withheld, with why, where an owner may do without it', async () => {
  await bounce();
  expect(await sender.send(notice('reminder'), 1)).toEqual({
    outcome: 'withheld',
    why: 'Mail to this address came back: No such user.',
  });
  expect(tries).toEqual([]);
});

it('is tried all the same where it may be the only word of an emergency', async () => {
  await bounce();
  expect(await sender.send(notice('emergency'), 1)).toMatchObject({ outcome: 'sent' });
});

it('is sent again once a mail has arrived there', async () => {
  await bounce();
  await blocks.delivered('team@example.com', START_MS);
  expect(await sender.send(notice('reminder'), 1)).toMatchObject({ outcome: 'sent' });
});
