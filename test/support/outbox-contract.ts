/** What every outbox must do, whatever it is made of. The fake and the table both pass it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { CHAIN_START, chainEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { Notice, NoticeState, StoredNotice } from '../../lambdas/core/domain/notice.ts';
import type { AuditChains } from '../../lambdas/core/ports/audit-chains.ts';
import type { KeyStore } from '../../lambdas/core/ports/key-store.ts';
import type { NoticePage, NoticeRef, Outbox } from '../../lambdas/core/ports/notices.ts';
import type { WebhookStore } from '../../lambdas/core/ports/webhooks.ts';
import { MINUTE_MS } from '../../rules/time-units.ts';
import { freshIds } from './fresh-ids.ts';
import { START_MS } from './manual-clock.ts';
import { sampleChange, sampleKey, sampleNotice } from './sample-records.ts';
import { changedWebhook, sampleWebhook } from './webhooks-contract.ts';

export interface OutboxParts {
  readonly store: KeyStore;
  readonly chains: AuditChains;
  readonly webhooks: WebhookStore;
  readonly outbox: Outbox;
}

const freshId = freshIds('Noticed');
const MANY = 1_000;

export function outboxContract(name: string, makeParts: () => Promise<OutboxParts>): void {
  describe(`${name} keep the contract of an outbox`, () => {
    let outbox: Outbox;
    let store: KeyStore;
    let chains: AuditChains;
    let webhooks: WebhookStore;
    beforeAll(async () => {
      ({ outbox, store, chains, webhooks } = await makeParts());
    });

    async function stored(notice: Notice): Promise<StoredNotice> {
      expect(await outbox.put(notice)).toBe('put');
      return (await outbox.find(notice)) as StoredNotice;
    }

    async function moved(seen: StoredNotice, next: NoticeState): Promise<StoredNotice> {
      expect(await outbox.move(seen, next)).toBe('moved');
      return (await outbox.find(seen.notice)) as StoredNotice;
    }

    async function dueIds(nowMs: number, of: readonly Notice[]): Promise<readonly string[]> {
      const mine = of.map(({ partition, noticeId }) => `${partition}/${noticeId}`);
      const { refs } = await outbox.due({ channel: 'mail', nowMs, limit: MANY });
      return refs
        .map(({ partition, noticeId }) => `${partition}/${noticeId}`)
        .filter((each) => mine.includes(each));
    }

    async function dueByPages(nowMs: number, limit: number): Promise<readonly NoticeRef[]> {
      const all: NoticeRef[] = [];
      let after: string | undefined;
      do {
        const page = await outbox.due({ channel: 'mail', nowMs, limit, ...(after ? { after } : {}) });
        expect(page.refs.length).toBeLessThanOrEqual(limit);
        all.push(...page.refs);
        after = page.next;
      } while (after !== undefined);
      return all;
    }

    const nameOf = ({ partition, noticeId }: Notice) => `${partition}/${noticeId}`;

    async function pages(read: (nextToken?: string) => Promise<NoticePage | 'bad-token'>, limit: number) {
      const all: StoredNotice[] = [];
      let nextToken: string | undefined;
      do {
        const page = await read(nextToken);
        if (page === 'bad-token') throw new Error('It does not know its own token.');
        expect(page.notices.length).toBeLessThanOrEqual(limit);
        all.push(...page.notices);
        nextToken = page.nextToken ?? undefined;
      } while (nextToken !== undefined);
      return all;
    }

    it('has what a new key and a change of it have caused, waiting, and nothing else', async () => {
      const keyId = freshId();
      const { record, event } = sampleKey(keyId);
      const issued = sampleNotice(keyId, { kind: 'issued' });
      expect(await store.insert(record, event, undefined, [issued])).toBe('inserted');
      const started = [sampleNotice(keyId), sampleNotice(keyId, { recipient: 'ops@example.com' })];
      expect(await store.save({ ...sampleChange(record, {}), notices: started })).toBe('saved');

      for (const notice of [issued, ...started]) {
        expect(await outbox.find(notice)).toEqual({
          notice,
          state: { status: 'waiting', attempts: 0, dueAtMs: START_MS },
        });
      }
      expect(await outbox.find({ partition: `KEY#${keyId}`, noticeId: 'other' })).toBeUndefined();
    });

    it('has nothing of a change that was not made', async () => {
      const keyId = freshId();
      const { record, event } = sampleKey(keyId);
      const notice = sampleNotice(keyId);
      await store.insert(record, event);
      await store.save(sampleChange(record, {}));

      expect(await store.save({ ...sampleChange(record, {}), notices: [notice] })).toBe('stale');
      expect(await store.insert(record, event, undefined, [notice])).toBe('exists');
      expect(await outbox.find(notice)).toBeUndefined();
    });

    it('leaves a notice as it stands that a change causes again, and makes the change with its other notices', async () => {
      const keyId = freshId();
      const { record, event } = sampleKey(keyId);
      const told = sampleNotice(keyId);
      await store.insert(record, event, undefined, [told]);
      const sent = await moved((await outbox.find(told)) as StoredNotice, {
        status: 'sent',
        attempts: 1,
        sentAtMs: START_MS,
      });
      const other = sampleNotice(keyId, { recipient: 'ops@example.com' });

      expect(await store.save({ ...sampleChange(record, {}), notices: [told, other] })).toBe('saved');
      expect(await outbox.find(told)).toEqual(sent);
      expect((await outbox.find(other))?.state.status).toBe('waiting');
      expect((await store.find(keyId))?.revision).toBe(2);
    });

    it('puts a notice that no key carries once', async () => {
      const notice = sampleNotice(freshId());
      const first = await stored(notice);

      expect(await outbox.put({ ...notice, madeAtMs: START_MS + 1 })).toBe('exists');
      expect(await outbox.find(notice)).toEqual(first);
    });

    it('moves a notice on from the state that was seen, and from no other', async () => {
      const first = await stored(sampleNotice(freshId()));
      const sending: NoticeState = { status: 'sending', attempts: 1, dueAtMs: START_MS + MINUTE_MS };
      const second = await moved(first, sending);

      expect(second).toEqual({ notice: first.notice, state: sending });
      expect(await outbox.move(first, { status: 'sent', attempts: 1 })).toBe('stale');
      expect(await outbox.find(first.notice)).toEqual(second);
      const { dueAtMs: _due, ...other } = sending;
      expect(await outbox.move({ ...second, state: other }, { status: 'sent', attempts: 1 })).toBe('stale');
    });

    it('moves nothing that is not there', async () => {
      const notice = sampleNotice(freshId());
      const never: StoredNotice = { notice, state: { status: 'waiting', attempts: 0, dueAtMs: START_MS } };

      expect(await outbox.move(never, { status: 'sent', attempts: 1 })).toBe('stale');
      expect(await outbox.find(notice)).toBeUndefined();
    });

    it('lets exactly one of many senders at once have it', async () => {
      const first = await stored(sampleNotice(freshId()));
      const claims = await Promise.all(
        Array.from({ length: 8 }, () =>
          outbox.move(first, { status: 'sending', attempts: 1, dueAtMs: START_MS + MINUTE_MS }),
        ),
      );

      expect(claims.filter((claim) => claim === 'moved')).toHaveLength(1);
    });

    it('says what is due by a time, the longest due first: what waits, and what a dead sender has left', async () => {
      const at = (minute: number) => sampleNotice(freshId(), { madeAtMs: START_MS + minute * MINUTE_MS });
      const all = [at(3), at(1), at(2), at(4)];
      const states = await Promise.all(all.map(stored));
      const [late, left, , other] = states as [StoredNotice, StoredNotice, StoredNotice, StoredNotice];
      await moved(late, { status: 'sent', attempts: 1, sentAtMs: START_MS });
      await moved(left, { status: 'sending', attempts: 1, dueAtMs: START_MS + 3 * MINUTE_MS });
      const names = [other, left].map(({ notice }) => nameOf(notice));

      expect(await dueIds(START_MS + 3 * MINUTE_MS, all)).toEqual(
        [all[2] as Notice, left.notice].map(nameOf),
      );
      expect(await dueIds(START_MS + MINUTE_MS, all)).toEqual([]);
      expect(await dueIds(START_MS + 4 * MINUTE_MS, all)).toEqual([
        nameOf(all[2] as Notice),
        ...[...names].reverse(),
      ]);
      const nowMs = START_MS + 9 * MINUTE_MS;
      const whole = await outbox.due({ channel: 'mail', nowMs, limit: MANY });
      expect(whole.next).toBeUndefined();
      for (const limit of [1, 2]) expect(await dueByPages(nowMs, limit)).toEqual(whole.refs);
      const alerts = await outbox.due({ channel: 'alert', nowMs, limit: MANY });
      expect(alerts.refs.filter(({ partition }) => partition.startsWith('KEY#'))).toEqual([]);
    });

    it('lists what is parked, the longest first, in pages, and no more of it once it waits again', async () => {
      const before = await outbox.countParked();
      const parked: StoredNotice[] = [];
      for (const minute of [2, 1, 3, 5, 4]) {
        const first = await stored(sampleNotice(freshId()));
        const settledAtMs = START_MS + minute * MINUTE_MS;
        parked.push(await moved(first, { status: 'parked', attempts: 14, why: 'x', settledAtMs }));
      }
      const inOrder = [1, 0, 2, 4, 3].map((index) => parked[index] as StoredNotice);
      const mine = (page: readonly StoredNotice[]) =>
        page.filter(({ notice }) => parked.some((each) => each.notice.partition === notice.partition));
      const all = (limit: number) => pages((nextToken) => outbox.parked(listing(limit, nextToken)), limit);

      expect(mine(await all(2))).toEqual(inOrder);
      expect(mine(await all(100))).toEqual(inOrder);
      expect(await outbox.countParked()).toBe(before + 5);
      expect(
        await dueIds(
          START_MS + 9 * MINUTE_MS,
          parked.map(({ notice }) => notice),
        ),
      ).toEqual([]);

      const [again] = inOrder as [StoredNotice];
      await moved(again, { status: 'waiting', attempts: 14, formerAttempts: 14, dueAtMs: START_MS });
      expect(mine(await all(3))).toEqual(inOrder.slice(1));
      expect(await outbox.countParked()).toBe(before + 4);
      expect(await dueIds(START_MS, [again.notice])).toEqual([nameOf(again.notice)]);
    });

    const PARKED: NoticeState = { status: 'parked', attempts: 1, settledAtMs: START_MS, why: 'Refused.' };
    const DISMISSED: NoticeState = {
      ...PARKED,
      status: 'dismissed',
      settledAtMs: START_MS + MINUTE_MS,
      dismissedBy: 'a test',
      dismissedFor: 'Nobody is there.',
    };

    it('counts and lists what was dismissed as parked no more, and keeps it with who and why', async () => {
      const before = await outbox.countParked();
      const parked = await moved(await stored(sampleNotice(freshId())), PARKED);
      expect(await outbox.countParked()).toBe(before + 1);
      await moved(parked, DISMISSED);

      expect(await outbox.countParked()).toBe(before);
      const names = (await pages((nextToken) => outbox.parked(listing(100, nextToken)), 100)).map(
        ({ notice }) => nameOf(notice),
      );
      expect(names).not.toContain(nameOf(parked.notice));
      expect(await dueIds(START_MS + MINUTE_MS, [parked.notice])).toEqual([]);
      const { partition } = parked.notice;
      expect(await outbox.list({ partition, limit: 5 })).toMatchObject({
        notices: [{ notice: parked.notice, state: DISMISSED }],
      });
    });

    it('moves a notice with an event of a chain, and neither where the other cannot be', async () => {
      const parked = await moved(await stored(sampleNotice(freshId())), PARKED);
      const move = { stored: parked, next: DISMISSED };
      const chain = { chain: `policy/moved-${parked.notice.partition}` };
      const entry = {
        action: 'notice.dismissed',
        actor: { principal: 'a test', via: 'vitest' },
        atMs: START_MS,
        detail: {},
      } as const;
      const event = chainEvent(chain, CHAIN_START, entry);
      const stale = { ...move, stored: { ...parked, state: { ...PARKED, attempts: 2 } } };

      expect(await chains.append(event, [stale])).toBe('stale');
      expect(await chains.head(chain.chain)).toEqual(CHAIN_START);
      expect(await chains.append(event, [move])).toBe('appended');
      expect((await outbox.find(parked.notice))?.state).toEqual(DISMISSED);

      const other = await moved(await stored(sampleNotice(freshId())), PARKED);
      expect(await chains.append(event, [{ stored: other, next: DISMISSED }])).toBe('stale');
      expect((await outbox.find(other.notice))?.state).toEqual(PARKED);
    });

    it('moves a notice with a change of a webhook, and neither where the other cannot be', async () => {
      const { webhook, event } = sampleWebhook();
      await webhooks.insert(webhook, event);
      const parked = await moved(await stored(sampleNotice(freshId())), PARKED);
      const change = changedWebhook(webhook, 'enabled');
      const stale = { ...parked, state: { ...PARKED, attempts: 2 } };

      expect(await webhooks.save({ ...change, moves: [{ stored: stale, next: DISMISSED }] })).toBe('stale');
      expect(await webhooks.find(webhook.webhookId)).toEqual(webhook);
      expect(await webhooks.save({ ...change, moves: [{ stored: parked, next: DISMISSED }] })).toBe('saved');
      expect((await outbox.find(parked.notice))?.state).toEqual(DISMISSED);

      const other = await moved(await stored(sampleNotice(freshId())), PARKED);
      expect(await webhooks.save({ ...change, moves: [{ stored: other, next: DISMISSED }] })).toBe('stale');
      expect((await outbox.find(other.notice))?.state).toEqual(PARKED);
    });

    it('lists the notices of one partition whatever became of them, in pages', async () => {
      const keyId = freshId();
      const kinds = ['retired', 'extended', 'issued', 'reminder'] as const;
      for (const kind of kinds) await stored(sampleNotice(keyId, { kind }));
      await stored(sampleNotice(freshId()));
      const first = (await outbox.find(sampleNotice(keyId, { kind: 'issued' }))) as StoredNotice;
      await moved(first, { status: 'sent', attempts: 1, sentAtMs: START_MS });
      const partition = `KEY#${keyId}`;

      for (const limit of [1, 3, 50]) {
        const all = await pages(
          (nextToken) => outbox.list({ partition, ...listing(limit, nextToken) }),
          limit,
        );
        expect(all.map(({ notice, state }) => [notice.kind, state.status])).toEqual([
          ['retired', 'waiting'],
          ['reminder', 'waiting'],
          ['issued', 'sent'],
          ['extended', 'waiting'],
        ]);
      }
      expect(await outbox.list({ partition: `KEY#${freshId()}`, limit: 5 })).toEqual({
        notices: [],
        nextToken: null,
      });
    });

    it.each(['', 'nonsense', 'bnVsbA', 'eyJhZnRlciI6MX0'])(
      'answers a token that is not its own (%j) with bad-token',
      async (nextToken) => {
        const partition = `KEY#${freshId()}`;
        expect(await outbox.list({ partition, limit: 5, nextToken })).toBe('bad-token');
        expect(await outbox.parked({ limit: 5, nextToken })).toBe('bad-token');
      },
    );
  });
}

const listing = (limit: number, nextToken: string | undefined) => ({
  limit,
  ...(nextToken === undefined ? {} : { nextToken }),
});
