import { describe, expect, it } from 'vitest';
import { type AuditEntry, firstBrokenLink, keyChain } from '../../../lambdas/core/domain/audit-event.ts';
import { appendEvent } from '../../../lambdas/core/use-cases/append-event.ts';
import { recordOnKey } from '../../../lambdas/core/use-cases/record-on-key.ts';
import { MemoryAuditChains } from '../../support/memory-audit-chains.ts';
import { MemoryTable } from '../../support/memory-table.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';

const CHAIN = { chain: 'policy/standard' };
const entry = (nth = 0): AuditEntry => ({
  action: 'renewal.refused',
  actor: OPERATOR,
  atMs: 1_795_000_000_000,
  detail: { nth },
});

describe('appending to a chain that is no key’s', () => {
  it('chains events that many write at once, each once', async () => {
    const table = new MemoryTable();
    const chains = new MemoryAuditChains(table);

    await Promise.all([1, 2, 3, 4].map((nth) => appendEvent({ chains }, CHAIN, entry(nth))));

    const events = table.chains.get(CHAIN.chain) ?? [];
    expect(events.map(({ detail }) => detail['nth']).sort()).toEqual([1, 2, 3, 4]);
    expect(firstBrokenLink(events)).toBeUndefined();
  });

  it('gives up when others are always faster, and says so', async () => {
    const chains = new MemoryAuditChains(new MemoryTable());
    chains.append = async () => 'stale';

    await expect(appendEvent({ chains }, CHAIN, entry())).rejects.toMatchObject({ name: 'WriteContention' });
  });

  it('refuses a key’s chain, whose head its key holds', async () => {
    const table = new MemoryTable();
    const chain = keyChain({ keyId: 'abc', owner: 'team@example.com' });

    await expect(appendEvent({ chains: new MemoryAuditChains(table) }, chain, entry())).rejects.toThrow(
      'key/abc grows with its key alone.',
    );
    expect(table.chains.size).toBe(0);
  });
});

describe('an event on a key’s chain', () => {
  it('moves the head that the key holds, and changes nothing else of it', async () => {
    const world = new MemoryWorld();
    const { keyId } = await world.issue();
    const { revision, audit, ...before } = world.record(keyId);

    expect(await recordOnKey(world.store, keyId, entry())).toBe(true);

    const events = world.table.events.get(keyId) ?? [];
    expect(firstBrokenLink(events)).toBeUndefined();
    const last = events.at(-1);
    expect(last).toMatchObject({
      action: 'renewal.refused',
      keyId,
      owner: before.owner,
      sequence: audit.sequence + 1,
    });
    expect(world.record(keyId)).toEqual({
      ...before,
      revision: revision + 1,
      audit: { sequence: last?.sequence, hash: last?.hash },
    });
  });

  it('is not written where there is no such key', async () => {
    const world = new MemoryWorld();

    expect(await recordOnKey(world.store, 'nobodys-key', entry())).toBe(false);
    expect(world.table.events.size).toBe(0);
  });
});
