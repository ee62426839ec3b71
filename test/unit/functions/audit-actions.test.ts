/** What operators are shown of events on record, and what they are refused. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../lambdas/core/domain/audit-event.ts';
import { auditEvents } from '../../../lambdas/functions/admin/audit-actions.ts';
import type { AuditEventsInput } from '../../../lambdas/functions/admin/audit-contract.ts';
import { MemoryAuditReader } from '../../support/memory-audit-reader.ts';
import { MemoryWorld } from '../../support/memory-world.ts';
import { tableUnder } from '../docs/read-document.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../../docs/audit.md', import.meta.url)), 'utf8');
const CHAINS = [
  ...new Set(
    tableUnder(PAGE, '## Every action').flatMap(([, , chain = '']) =>
      [...chain.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string),
    ),
  ),
];

let world: MemoryWorld;
let first: string;
let second: string;
beforeEach(async () => {
  world = new MemoryWorld();
  first = (await world.issue({ owner: 'one@example.com' })).keyId;
  world.clock.advanceSeconds(3600);
  second = (await world.issue({ owner: 'two@example.com' })).keyId;
});

const ask = (input: AuditEventsInput) =>
  auditEvents({ ...world.deps, reader: new MemoryAuditReader(world.table) }, input);

async function found(input: AuditEventsInput) {
  const response = await ask(input);
  if (!response.ok) throw new Error(response.error.message);
  return response.result;
}

const keysOf = async (input: AuditEventsInput) => (await found(input)).events.map(({ keyId }) => keyId);

describe('events on record', () => {
  it('are whole, as they are stored, the oldest first or the latest', async () => {
    const events = [first, second].flatMap((keyId) => world.table.events.get(keyId) ?? []);

    expect(await found({})).toEqual({ events, nextToken: null });
    expect((await found({ order: 'latest' })).events).toEqual([...events].reverse());
  });

  it('are found by key, owner, kind, actor and time', async () => {
    expect(await keysOf({ keyId: second })).toEqual([second]);
    expect(await keysOf({ chain: `key/${first}` })).toEqual([first]);
    expect(await keysOf({ owner: 'one@example.com' })).toEqual([first]);
    expect(await keysOf({ kind: 'key.issued' })).toEqual([first, second]);
    expect(await keysOf({ kind: 'key.revoked' })).toEqual([]);
    expect(await keysOf({ actor: 'arn:aws:iam::111122223333:user/ops' })).toEqual([first, second]);
    expect(await keysOf({ actor: 'nobody' })).toEqual([]);
    expect(await keysOf({ from: 'PT30M' })).toEqual([second]);
    expect(await keysOf({ to: 'PT30M' })).toEqual([first]);
    expect(await keysOf({ from: 'P1D', to: 'PT0S' })).toEqual([first]);
  });

  it.each([
    ['ahead', 2 * 3_600_000],
    ['before 1970', -Date.UTC(2040, 0)],
  ])('leave out what is dated %s, where no check of the chains looks for it', async (_when, awayMs) => {
    const { nowMs } = world.clock;
    const [issued] = world.table.events.get(second) ?? [];
    const { hash: _hash, ...event } = issued as AuditEvent;
    world.table.chains.set('policy/forged', [
      { ...event, chain: 'policy/forged', atMs: nowMs + awayMs, hash: '' },
    ]);
    for (const input of [{}, { to: '2030-01-01' }, { kind: 'key.issued' }, { order: 'latest' }] as const)
      expect(await keysOf({ ...input })).toHaveLength(2);
    expect(await keysOf({ chain: 'policy/forged' })).toEqual([]);
  });

  it('are found in every chain that docs/audit.md names, that of an address in whatever case it is asked for', async () => {
    const chains = CHAINS.map((chain) =>
      chain.replace('<address>', 'Team@Example.com').replace(/<.*>/, 'x').toLowerCase(),
    );
    expect(chains).toHaveLength(10);
    for (const chain of chains) {
      const event = { ...(world.table.events.get(first)?.[0] as AuditEvent), chain };
      world.table.chains.set(chain, [event]);
      const asked = chain.replace('team@example.com', 'Team@Example.com');
      expect(await ask({ chain: asked }), chain).toMatchObject({ ok: true });
      if (!chain.startsWith('key/')) expect((await found({ chain: asked })).events).toEqual([event]);
    }
  });

  it('come page by page', async () => {
    const { events, nextToken } = await found({ limit: 1 });
    expect(events).toHaveLength(1);

    expect(await keysOf({ limit: 1, nextToken: nextToken as string })).toEqual([second]);
  });
});

describe('what is refused', () => {
  it.each<[AuditEventsInput, string, string]>([
    [{ kind: 'key.revoke' }, "kind 'key.revoke' is not known.", 'Did you mean key.revoked?'],
    [
      { chain: 'nonsense' },
      "chain 'nonsense' is none.",
      'Give one of pepper, audit, notices, wrong-keys, key/<keyId>',
    ],
    [{ chain: 'owner/' }, "chain 'owner/' is none.", 'owner/<address>'],
    [{ kind: 'zzzz' }, "kind 'zzzz' is not known.", 'docs/audit.md lists all of them.'],
    [{ order: 'newest' as never }, "order 'newest' is not known.", 'Choose oldest or latest.'],
    [{ limit: 0 }, "limit '0' is out of range.", 'from 1 to 2000'],
    [{ limit: 2001 }, "limit '2001' is out of range.", 'from 1 to 2000'],
    [{ limit: '5' as never }, "limit '5' is out of range.", 'from 1 to 2000'],
    [{ owner: 7 as never }, "owner '7' is none.", 'Give owner as a word'],
    [{ actor: '' }, "actor '' is none.", 'Give actor as a word'],
    [{ chain: 'x'.repeat(1001) }, `chain '${'x'.repeat(1001)}' is none.`, 'Give chain as a word'],
    [{ from: 'soon' }, "from 'soon' is no time.", 'P7D'],
    [{ from: 'P1D', to: 'P2D' }, "The period from 'P1D' to 'P2D' has no time in it.", 'earlier'],
    [{ keyId: 'x', chain: 'pepper' }, 'keyId and chain are given both.', 'key/<keyId>'],
    [{ nextToken: 'nonsense' }, 'nextToken is not one of a listing.', 'Start again'],
  ])('%j', async (input, message, hint) => {
    expect(await ask(input)).toMatchObject({
      ok: false,
      error: { code: 'bad-request', message, hint: expect.stringContaining(hint) },
    });
  });

  it('a key that there is not', async () => {
    for (const keyId of ['nonsense', '000000000000'])
      expect(await ask({ keyId })).toMatchObject({ ok: false, error: { code: 'unknown-key' } });
  });
});
