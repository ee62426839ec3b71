/** What whoever keeps the addresses that mail comes back from must do. */
import { beforeAll, describe, expect, it } from 'vitest';
import { CHAIN_START, chainEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { AuditHead } from '../../lambdas/core/domain/key-record.ts';
import { blockOf, type MailBlock } from '../../lambdas/core/domain/mail-block.ts';
import type { AuditChains } from '../../lambdas/core/ports/audit-chains.ts';
import type { MailBlocks } from '../../lambdas/core/ports/mail-blocks.ts';
import { addressKey } from '../../rules/mail-address.ts';
import { DAY_MS } from '../../rules/time-units.ts';
import { freshIds } from './fresh-ids.ts';
import { START_MS } from './manual-clock.ts';

const freshId = freshIds('Box');
const ENTRY = {
  action: 'mail.unblocked',
  actor: { principal: 'a test', via: 'vitest' },
  atMs: START_MS,
  detail: {},
} as const;
/** Mail sent at `at`, and come back a second later. */
const bounced = (address: string, at = START_MS): MailBlock =>
  blockOf('bounced', { recipient: address, why: 'user unknown', atMs: at + 1000 });
const complained = (address: string, at = START_MS): MailBlock =>
  blockOf('complained', { recipient: address, why: 'abuse', atMs: at + 1000 });

export interface BlockParts {
  readonly blocks: MailBlocks;
  readonly chains: AuditChains;
}

export function mailBlocksContract(name: string, make: () => Promise<BlockParts>): void {
  describe(`${name} keeps the contract of addresses that mail comes back from`, () => {
    let blocks: MailBlocks;
    let chains: AuditChains;
    const fresh = () => `${freshId()}@example.com`;
    const found = async (address: string, nowMs = START_MS + DAY_MS) =>
      (await blocks.find(address, nowMs))?.state;
    const chainOf = (address: string) => ({ chain: `mail/${addressKey(address)}` });
    const eventOf = (address: string, head: AuditHead) => chainEvent(chainOf(address), head, ENTRY);
    const lifted = async (seen: MailBlock, atMs: number) =>
      blocks.lift(seen, atMs, eventOf(seen.address, await chains.head(chainOf(seen.address).chain)));
    beforeAll(async () => {
      ({ blocks, chains } = await make());
    });

    it('finds what was blocked, in whatever case, and nothing of others', async () => {
      const address = fresh();
      expect(await blocks.find(address, START_MS)).toBeUndefined();
      expect(await blocks.block(bounced(address), START_MS)).toBe('blocked');
      expect(await blocks.find(address.toUpperCase(), START_MS + DAY_MS)).toEqual(bounced(address));
      expect(await blocks.find(fresh(), START_MS)).toBeUndefined();
    });

    it('knows what it was told before, and keeps the newest', async () => {
      const address = fresh();
      await blocks.block(bounced(address), START_MS);
      expect(await blocks.block(bounced(address), START_MS)).toBe('known');
      expect(await blocks.block(bounced(address, START_MS - DAY_MS), START_MS - DAY_MS)).toBe('known');
      expect(await blocks.block(bounced(address, START_MS + DAY_MS), START_MS + DAY_MS)).toBe('blocked');
      expect((await blocks.find(address, START_MS + DAY_MS))?.sinceMs).toBe(START_MS + DAY_MS + 1000);
    });

    it('forgets a bounce after a time, and a complaint never', async () => {
      const [one, other] = [fresh(), fresh()];
      await blocks.block(bounced(one), START_MS);
      await blocks.block(complained(other), START_MS);
      const end = bounced(one).untilMs as number;
      expect(await found(one, end - 1)).toBe('bounced');
      expect(await found(one, end)).toBeUndefined();
      expect(await found(other, end + 1000 * DAY_MS)).toBe('complained');
    });

    it('lets a complaint stand before a bounce, whichever came first', async () => {
      const [one, other] = [fresh(), fresh()];
      await blocks.block(bounced(one, START_MS + DAY_MS), START_MS + DAY_MS);
      expect(await blocks.block(complained(one), START_MS)).toBe('blocked');
      await blocks.block(complained(other), START_MS);
      expect(await blocks.block(bounced(other, START_MS + DAY_MS), START_MS + DAY_MS)).toBe('known');
      expect([await found(one), await found(other)]).toEqual(['complained', 'complained']);
    });

    it('lifts it, once, and is not told again by what is older than that', async () => {
      const address = fresh();
      expect(await lifted(bounced(address), START_MS)).toBe('stale');
      await blocks.block(bounced(address), START_MS);
      const seen = { ...bounced(address), address: address.toUpperCase() };
      expect(await lifted(seen, START_MS + DAY_MS)).toBe('lifted');
      expect(await lifted(seen, START_MS + DAY_MS)).toBe('stale');
      expect((await chains.head(chainOf(address).chain)).sequence).toBe(1);
      expect(await blocks.block(bounced(address), START_MS)).toBe('known');
      expect(await blocks.block(complained(address), START_MS + DAY_MS)).toBe('known');
      expect(await found(address)).toBeUndefined();
      const later = START_MS + 2 * DAY_MS;
      expect(await blocks.block(bounced(address, later), later)).toBe('blocked');
    });

    it('lifts only what was seen, where its event has the next place of its chain, or neither', async () => {
      const address = fresh();
      await blocks.block(bounced(address), START_MS);
      const first = eventOf(address, CHAIN_START);
      await chains.append(first);
      expect(await blocks.lift(bounced(address), START_MS + DAY_MS, first)).toBe('stale');
      expect(await found(address)).toBe('bounced');

      await blocks.block(complained(address), START_MS);
      expect(await lifted(bounced(address), START_MS + DAY_MS)).toBe('stale');
      expect(await found(address)).toBe('complained');
      expect((await chains.head(chainOf(address).chain)).sequence).toBe(1);
      expect(await lifted(complained(address), START_MS + DAY_MS)).toBe('lifted');
      expect((await chains.head(chainOf(address).chain)).sequence).toBe(2);
    });

    it('takes a mail that arrived later for the end of a bounce, and of no complaint', async () => {
      const [one, early, other] = [fresh(), fresh(), fresh()];
      await blocks.block(bounced(one), START_MS);
      await blocks.delivered(one, START_MS + DAY_MS);
      await blocks.block(bounced(early), START_MS);
      // Sent before the other came back: it says nothing of the mailbox since.
      await blocks.delivered(early, START_MS - DAY_MS);
      await blocks.block(complained(other), START_MS);
      await blocks.delivered(other, START_MS + DAY_MS);
      await blocks.delivered(fresh(), START_MS);
      expect([await found(one), await found(early), await found(other)]).toEqual([
        undefined,
        'bounced',
        'complained',
      ]);
    });
  });
}
