/** What every reader of events must do, whatever it is made of. The fake and the indexes both pass it. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditAction, AuditEvent, Chain } from '../../lambdas/core/domain/audit-event.ts';
import type { AuditChains } from '../../lambdas/core/ports/audit-chains.ts';
import type { AuditQuery, AuditReader } from '../../lambdas/core/ports/audit-reader.ts';
import type { KeyStore } from '../../lambdas/core/ports/key-store.ts';
import { appendEvent } from '../../lambdas/core/use-cases/append-event.ts';
import { recordOnKey } from '../../lambdas/core/use-cases/record-on-key.ts';
import { DAY_MS } from '../../rules/time-units.ts';
import { freshIds } from './fresh-ids.ts';
import { START_MS } from './manual-clock.ts';
import { sampleKey } from './sample-records.ts';

export interface AuditReaderParts {
  readonly store: KeyStore;
  readonly chains: AuditChains;
  readonly reader: AuditReader;
}

const freshId = freshIds('Audited0');
const day = (days: number) => START_MS + days * DAY_MS;

/** One of a table of its own: what else is in it would be found too. */
export function auditReaderContract(name: string, makeParts: () => Promise<AuditReaderParts>): void {
  describe(`${name} keeps the contract of reading events`, () => {
    let parts: AuditReaderParts;
    const keyIds = [freshId(), freshId()] as const;
    const OTHERS: Chain = { chain: 'policy/standard' };
    /** All there are, in the order of their times. */
    let all: readonly AuditEvent[];

    /** A story of years: days with many events, and long times without any. */
    beforeAll(async () => {
      parts = await makeParts();
      for (const [index, keyId] of keyIds.entries()) {
        const owner = index === 0 ? 'one@example.com' : 'two@example.com';
        const { record, event } = sampleKey(keyId, { owner });
        await parts.store.insert(record, event);
      }
      const act = (action: AuditAction, principal: string, atMs: number) => ({
        action,
        actor: { principal, via: 'vitest' },
        atMs,
        detail: {},
      });
      for (let nth = 0; nth < 12; nth += 1) {
        const by = nth % 3 === 0 ? 'arn:aws:iam::1:user/ops' : 'keyturn:rotation';
        const atMs = day(Math.floor(nth / 4)) + nth * 1000 + 1000;
        await recordOnKey(parts.store, keyIds[nth % 2] as string, act('rotation.judged', by, atMs));
      }
      await recordOnKey(parts.store, keyIds[0], act('key.disabled', 'arn:aws:iam::1:user/ops', day(3)));
      for (const days of [-400, 0, 30, 31, 800])
        await appendEvent(parts, OTHERS, act('renewal.refused', 'keyturn:rotation', day(days) + 500));
      const found: AuditEvent[] = [];
      for (const chain of [...keyIds.map((id) => `key/${id}`), OTHERS.chain])
        for await (const event of parts.reader.chain(chain, 1)) found.push(event);
      all = found.sort((left, right) => left.atMs - right.atMs || (left.chain < right.chain ? -1 : 1));
    });

    async function read(query: Partial<AuditQuery> = {}): Promise<readonly AuditEvent[]> {
      const events: AuditEvent[] = [];
      let nextToken: string | undefined;
      do {
        const asked = { order: 'oldest', limit: 100, ...query, ...(nextToken ? { nextToken } : {}) } as const;
        const page = await parts.reader.events(asked);
        if (page === 'bad-token') throw new Error('It does not know its own token.');
        expect(page.events.length).toBeLessThanOrEqual(asked.limit);
        events.push(...page.events);
        nextToken = page.nextToken ?? undefined;
      } while (nextToken !== undefined);
      return events;
    }

    const like = (test: (event: AuditEvent) => boolean) => all.filter(test);

    it('gives back whole events as they were written, of all chains by their times', async () => {
      expect(all).toHaveLength(20);
      expect(await read()).toEqual(all);
    });

    it.each([1, 2, 3, 7, 20])('misses and repeats nothing in pages of %i, either way', async (limit) => {
      expect(await read({ limit })).toEqual(all);
      expect(await read({ limit, order: 'latest' })).toEqual([...all].reverse());
    });

    it.each([1, 3, 100])('finds an owner’s, an actor’s and a kind’s, in pages of %i', async (limit) => {
      const actor = 'keyturn:rotation';
      expect(await read({ limit, owner: 'two@example.com' })).toEqual(
        like((e) => e.owner === 'two@example.com'),
      );
      expect(await read({ limit, actor })).toEqual(like((e) => e.actor.principal === actor));
      expect(await read({ limit, kind: 'rotation.judged' })).toEqual(
        like((e) => e.action === 'rotation.judged'),
      );
    });

    it('finds what several are true of', async () => {
      const owner = 'one@example.com';
      const [ops, kind] = ['arn:aws:iam::1:user/ops', 'rotation.judged'] as const;
      expect(await read({ owner, kind, limit: 2 })).toEqual(
        like((e) => e.owner === owner && e.action === kind),
      );
      expect(await read({ actor: ops, kind, limit: 1 })).toEqual(
        like((e) => e.actor.principal === ops && e.action === kind),
      );
      expect(await read({ actor: 'keyturn:rotation', kind, order: 'latest' })).toEqual(
        like((e) => e.actor.principal === 'keyturn:rotation' && e.action === kind).reverse(),
      );
      expect(await read({ chain: `key/${keyIds[1]}`, actor: ops, limit: 1 })).toEqual(
        like((e) => e.keyId === keyIds[1] && e.actor.principal === ops),
      );
      expect(await read({ owner: 'One@Example.COM', kind, limit: 2 })).toEqual(
        like((e) => e.owner === owner && e.action === kind),
      );
      expect(await read({ owner, kind: 'renewal.refused' })).toEqual([]);
    });

    it.each(['oldest', 'latest'] as const)('reads one chain in its order, %s first', async (order) => {
      const events = like((e) => e.keyId === keyIds[0]);
      expect(await read({ chain: `key/${keyIds[0]}`, order, limit: 2 })).toEqual(
        order === 'oldest' ? events : [...events].reverse(),
      );
      expect(await read({ chain: 'policy/none', order })).toEqual([]);
    });

    it('takes the first moment of a period in, and its last one not', async () => {
      const [first, last] = [all[3] as AuditEvent, all[9] as AuditEvent];
      const period = { fromMs: first.atMs, toMs: last.atMs };
      const within = like((e) => e.atMs >= first.atMs && e.atMs < last.atMs);
      expect(within).toContain(first);
      expect(within).not.toContain(last);

      for (const limit of [2, 100]) {
        expect(await read({ ...period, limit })).toEqual(within);
        expect(await read({ ...period, limit, order: 'latest' })).toEqual([...within].reverse());
      }
      const chain = `key/${keyIds[0]}`;
      expect(await read({ ...period, chain })).toEqual(within.filter((e) => e.chain === chain));
      const owner = 'two@example.com';
      expect(await read({ ...period, owner })).toEqual(within.filter((e) => e.owner === owner));
    });

    it('comes to an end where there is nothing', async () => {
      expect(await read({ fromMs: day(900) })).toEqual([]);
      expect(await read({ toMs: day(-500), order: 'latest' })).toEqual([]);
      expect(await read({ fromMs: day(100), toMs: day(101) })).toEqual([]);
      expect(await read({ owner: 'nobody@example.com' })).toEqual([]);
    });

    it('goes on with a token in a period that has moved meanwhile', async () => {
      const page = await parts.reader.events({ order: 'oldest', limit: 3, fromMs: day(-1) });
      if (page === 'bad-token' || !page.nextToken) throw new Error('There is a second page.');
      const { nextToken } = page;

      const next = await parts.reader.events({ order: 'oldest', limit: 3, fromMs: day(-1) + 5, nextToken });
      expect(next).toMatchObject({ events: like((e) => e.atMs >= day(-1)).slice(3, 6) });
    });

    it('reads a chain on from a sequence, in order', async () => {
      const sequences: number[] = [];
      for await (const { sequence } of parts.reader.chain(`key/${keyIds[0]}`, 4)) sequences.push(sequence);
      expect(sequences).toEqual([4, 5, 6, 7, 8]);
    });

    it('takes no token but its own, and none of another question', async () => {
      const page = await parts.reader.events({ order: 'oldest', limit: 2 });
      if (page === 'bad-token' || !page.nextToken) throw new Error('There is a second page.');
      const { nextToken } = page;
      const ask = (query: Partial<AuditQuery>) =>
        parts.reader.events({ order: 'oldest', limit: 2, nextToken, ...query });

      expect(await ask({ order: 'latest' })).toBe('bad-token');
      expect(await ask({ owner: 'one@example.com' })).toBe('bad-token');
      expect(await ask({ chain: `key/${keyIds[0]}` })).toBe('bad-token');
      for (const token of ['', 'nonsense', 'bnVsbA', 'eyJhZnRlciI6IngiLCJvZiI6IngifQ'])
        expect(await ask({ nextToken: token })).toBe('bad-token');
    });
  });
}
