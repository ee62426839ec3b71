/** What every ledger of wrong keys must do, whatever it is made of. The fake and the table both pass it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { chainEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { WrongKeyCount } from '../../lambdas/core/domain/wrong-key.ts';
import { WRONG_KEYS_CHAIN, wrongKeysEntry } from '../../lambdas/core/domain/wrong-key-event.ts';
import type { AuditChains } from '../../lambdas/core/ports/audit-chains.ts';
import type { WrongKeyWriter } from '../../lambdas/core/ports/authorization.ts';
import type { WrongKeyLedger } from '../../lambdas/core/ports/wrong-keys.ts';
import { START_MS } from './manual-clock.ts';

export interface WrongKeyParts {
  readonly ledger: WrongKeyLedger;
  readonly writer: Pick<WrongKeyWriter, 'addWrong'>;
  readonly chains: AuditChains;
}

const CALLER = { address: '192.0.2.7', userAgent: 'agent/1.0', lastUsedAtMs: START_MS };
const KEY = { kind: 'key', keyId: 'Ab3dEf7hIj9L' } as const;
const ADDRESS = { kind: 'address', address: '2001:db8::7' } as const;
const OTHERS = { kind: 'others' } as const;

const count = (source: WrongKeyCount['source'], requests: number): WrongKeyCount => ({
  source,
  requests,
  reasons: { unknown: requests - 1, malformed: 1 },
  firstAtMs: START_MS,
  lastAtMs: START_MS + requests,
  callers: [CALLER],
});

export function wrongKeysContract(name: string, makeParts: () => Promise<WrongKeyParts>): void {
  describe(`${name} keeps the contract of wrong keys`, () => {
    let parts: WrongKeyParts;
    let windowMs = START_MS;
    beforeAll(async () => {
      parts = await makeParts();
    });
    const freshWindow = () => {
      windowMs += 300_000;
      return windowMs;
    };
    const untold = async (window: number) =>
      [...(await parts.ledger.untold(window))].sort((one, other) => one.requests - other.requests);
    async function next(window: number) {
      const head = await parts.chains.head(WRONG_KEYS_CHAIN.chain);
      const entry = wrongKeysEntry(count(ADDRESS, 2), { fromMs: window, toMs: window + 300_000 }, START_MS);
      return chainEvent(WRONG_KEYS_CHAIN, head, entry);
    }

    it('adds counts of one source and window, and keeps others apart', async () => {
      const window = freshWindow();
      await parts.writer.addWrong(window, count(KEY, 3));
      await parts.writer.addWrong(window, { ...count(KEY, 4), firstAtMs: START_MS + 1 });
      await parts.writer.addWrong(window, count(ADDRESS, 2));
      await parts.writer.addWrong(freshWindow(), count(ADDRESS, 9));
      expect(await untold(window)).toEqual([
        count(ADDRESS, 2),
        { ...count(KEY, 7), reasons: { unknown: 5, malformed: 2 }, lastAtMs: START_MS + 4 },
      ]);
    });

    it('knows up to when all are told, from when that was noted first', async () => {
      const before = await parts.ledger.toldUntil();
      expect(before === undefined || before <= START_MS).toBe(true);
      await parts.ledger.noteToldUntil(START_MS);
      await parts.ledger.noteToldUntil(START_MS + 300_000);
      expect(await parts.ledger.toldUntil()).toBe(START_MS + 300_000);
    });

    it('shows nothing of a window in which nothing was', async () => {
      expect(await untold(freshWindow())).toEqual([]);
    });

    it('puts an event on record and its source with it, once', async () => {
      const window = freshWindow();
      await parts.writer.addWrong(window, count(ADDRESS, 2));
      const event = await next(window);
      expect(await parts.ledger.tell(window, ADDRESS, event)).toBe('told');
      expect(await parts.chains.head(event.chain)).toEqual({ sequence: event.sequence, hash: event.hash });
      expect(await untold(window)).toEqual([]);
      expect(await parts.ledger.tell(window, ADDRESS, await next(window))).toBe('known');
      expect(await parts.chains.head(event.chain)).toEqual({ sequence: event.sequence, hash: event.hash });
    });

    it('writes neither where another event has taken the place', async () => {
      const window = freshWindow();
      await parts.writer.addWrong(window, count(ADDRESS, 2));
      const late = await next(window);
      await parts.chains.append(await next(window));
      expect(await parts.ledger.tell(window, ADDRESS, late)).toBe('stale');
      expect(await untold(window)).toEqual([count(ADDRESS, 2)]);
    });

    it('shows a source no more that was noted, and with the others told no further address', async () => {
      const window = freshWindow();
      for (const source of [KEY, ADDRESS, OTHERS]) await parts.writer.addWrong(window, count(source, 2));
      await parts.ledger.note(window, KEY);
      expect((await untold(window)).map(({ source }) => source.kind).sort()).toEqual(['address', 'others']);
      expect(await parts.ledger.tell(window, OTHERS, await next(window))).toBe('told');
      expect(await untold(window)).toEqual([]);
    });
  });
}
