/** What every place of chains must do, whatever it is made of. The fake and the table both pass it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { CHAIN_START, type Chain, chainEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { AuditChains } from '../../lambdas/core/ports/audit-chains.ts';
import { START_MS } from './manual-clock.ts';

let made = 0;
const freshChain = (): Chain => ({ chain: `policy/contract-${process.pid}-${made++}` });

const ENTRY = {
  action: 'pepper.added',
  actor: { principal: 'a test', via: 'vitest' },
  atMs: START_MS,
  detail: {},
} as const;

export function auditChainsContract(name: string, makeChains: () => Promise<AuditChains>): void {
  describe(`${name} keeps the contract of chains`, () => {
    let chains: AuditChains;
    beforeAll(async () => {
      chains = await makeChains();
    });

    async function appended(chain: Chain) {
      const event = chainEvent(chain, await chains.head(chain.chain), ENTRY);
      expect(await chains.append(event)).toBe('appended');
      return event;
    }

    it('begins each chain at its start, and knows its head from then on', async () => {
      const [chain, other] = [freshChain(), freshChain()];
      expect(await chains.head(chain.chain)).toEqual(CHAIN_START);

      for (const sequence of [1, 2, 3]) {
        const { hash } = await appended(chain);
        expect(await chains.head(chain.chain)).toEqual({ sequence, hash });
      }
      expect(await chains.head(other.chain)).toEqual(CHAIN_START);
    });

    it('lets one of many events of a sequence hold', async () => {
      const chain = freshChain();
      const head = await chains.head(chain.chain);
      const events = [1, 2, 3].map((nth) => chainEvent(chain, head, { ...ENTRY, detail: { nth } }));

      const outcomes = await Promise.all(events.map((event) => chains.append(event)));

      expect([...outcomes].sort()).toEqual(['appended', 'stale', 'stale']);
      const held = events[outcomes.indexOf('appended')];
      expect(await chains.head(chain.chain)).toEqual({ sequence: 1, hash: held?.hash });
    });
  });
}
