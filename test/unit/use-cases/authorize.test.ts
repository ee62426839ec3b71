import { describe, expect, it } from 'vitest';
import type { ApiRules } from '../../../lambdas/core/domain/authorization.ts';
import { base62OfUint32 } from '../../../lambdas/core/domain/base62.ts';
import { crc32 } from '../../../lambdas/core/domain/crc32.ts';
import { newKeyText } from '../../../lambdas/core/domain/key-format.ts';
import { recognizeUnaccepted } from '../../../lambdas/core/use-cases/authorize.ts';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { KeyMemory } from '../../../lambdas/core/use-cases/key-memory.ts';
import { UseMeter } from '../../../lambdas/core/use-cases/use-meter.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryKeyReader } from '../../support/memory-key-reader.ts';
import { MemoryWorld, OPERATOR, RULES } from '../../support/memory-world.ts';
import { secureRandomBytes } from '../../support/random-bytes.ts';

const MEMORY_MS = 5_000;

/** Another secret for the same id: well formed, never issued. */
const forged = (keyId: string): string =>
  newKeyText({ prefix: 'mk', environment: 'live', keyId }, secureRandomBytes);

/** The same key said to be for another environment or prefix, with the checksum that fits. */
function relabelled(key: string, from: string, to: string): string {
  const body = key.slice(0, -6).replace(from, to);
  return body + base62OfUint32(crc32(body));
}

async function worldWithKey(order: Parameters<MemoryWorld['issue']>[0] = {}) {
  const world = new MemoryWorld();
  return { world, ...(await world.issue(order)) };
}

/** Both versions accepted. */
async function dualKeyWorld(request: Record<string, unknown> = {}) {
  const { world, keyId, key: old } = await worldWithKey();
  const execution = new Execution(world, keyId, 'r-1', request);
  await execution.toDualKey();
  return { world, keyId, old, fresh: await world.sealedKey(keyId, 2), execution };
}

const status = (world: MemoryWorld, keyId: string, to: 'disabled' | 'enabled' | 'revoked') =>
  changeKeyStatus(world.deps, keyId, to, { actor: OPERATOR, reason: 'a test' });

describe('authorize allows', () => {
  it('an active version, and passes on who it is', async () => {
    const { world, keyId, key } = await worldWithKey({ scopes: ['tools:echo', 'orders:read'] });

    expect(await world.authorizer().authorize(key)).toEqual({
      outcome: 'allowed',
      identity: {
        keyId,
        version: 1,
        versionStatus: 'active',
        owner: 'team@example.com',
        environment: 'live',
        scopes: ['tools:echo', 'orders:read'],
      },
    });
  });

  it('both versions during the dual-key window; the old one is told its announced end', async () => {
    const { world, old, fresh } = await dualKeyWorld({ gracePeriod: 'PT24H' });
    const authorizer = world.authorizer();

    expect(await authorizer.authorize(old)).toMatchObject({
      outcome: 'allowed',
      identity: {
        version: 1,
        versionStatus: 'deprecating',
        expiresAtMs: world.clock.nowMs + 24 * 3_600_000,
      },
    });
    const answer = await authorizer.authorize(fresh);
    expect(answer).toMatchObject({ outcome: 'allowed', identity: { version: 2, versionStatus: 'active' } });
    expect(answer).not.toHaveProperty('identity.expiresAtMs');
  });

  it('an old version past its announced end, until it is retired: a workflow that stands still cuts nobody off', async () => {
    const { world, old } = await dualKeyWorld();
    world.clock.advanceSeconds(30 * 86_400);

    expect(await world.authorizer().authorize(old)).toMatchObject({ outcome: 'allowed' });
  });

  it('keys hashed under an older pepper, as long as it is there', async () => {
    const { world, key } = await worldWithKey();
    world.peppers.rotateTo('2');
    const { key: newer } = await world.issue();

    expect(await world.authorizer().authorize(key)).toMatchObject({ outcome: 'allowed' });
    expect(await world.authorizer().authorize(newer)).toMatchObject({ outcome: 'allowed' });
  });
});

describe('authorize answers 401', () => {
  it('to no key, and to two different ones, without a read', async () => {
    const { world } = await worldWithKey();
    const authorizer = world.authorizer();

    expect(await authorizer.authorize(undefined)).toEqual({ outcome: 'unauthenticated', reason: 'no-key' });
    expect(await authorizer.authorize(null)).toEqual({ outcome: 'unauthenticated', reason: 'malformed' });
    expect(authorizer.reader.reads).toBe(0);
  });

  it('to a typing error, a foreign prefix, and what is no key at all, without a read', async () => {
    const { world, key } = await worldWithKey();
    const authorizer = world.authorizer();
    const typo = key.slice(0, 30) + (key[30] === 'a' ? 'b' : 'a') + key.slice(31);

    for (const presented of [typo, relabelled(key, 'mk_', 'acme_'), '', 'Bearer', `${key}\n`]) {
      expect(await authorizer.authorize(presented)).toMatchObject({
        outcome: 'unauthenticated',
        reason: 'malformed',
      });
    }
    expect(authorizer.reader.reads).toBe(0);
  });

  it('to an environment that the API does not serve, without a read', async () => {
    const { world, keyId, key } = await worldWithKey({ environment: 'test' });
    const authorizer = world.authorizer({ rules: { ...RULES, environments: ['live'] } });

    expect(await authorizer.authorize(key)).toEqual({
      outcome: 'unauthenticated',
      reason: 'environment-not-served',
      keyId,
    });
    expect(authorizer.reader.reads).toBe(0);
  });

  it('to a test key that claims to be a live one', async () => {
    const { world, key } = await worldWithKey({ environment: 'test' });

    expect(await world.authorizer().authorize(relabelled(key, '_test_', '_live_'))).toMatchObject({
      outcome: 'unauthenticated',
      reason: 'wrong-secret',
    });
  });

  it('to an id that is not known', async () => {
    const { world } = await worldWithKey();

    expect(await world.authorizer().authorize(forged('NoSuchKey000'))).toEqual({
      outcome: 'unauthenticated',
      reason: 'unknown',
      keyId: 'NoSuchKey000',
    });
  });

  it('to another secret for a known id', async () => {
    const { world, keyId } = await worldWithKey();

    expect(await world.authorizer().authorize(forged(keyId))).toEqual({
      outcome: 'unauthenticated',
      reason: 'wrong-secret',
      keyId,
    });
  });

  it('to a pending version: known, not accepted yet', async () => {
    const { world, keyId } = await worldWithKey();
    await new Execution(world, keyId).runAll('begin', 'generate');
    const pending = await world.sealedKey(keyId, 2);

    expect(await world.authorizer().authorize(pending)).toEqual({
      outcome: 'unauthenticated',
      reason: 'not-yet-active',
      keyId,
      version: 2,
    });
  });

  it('to a retired version, by name: its secret matches, so somebody still holds it', async () => {
    const { world, keyId, key } = await worldWithKey();
    await new Execution(world, keyId).toEnd();

    expect(world.statuses(keyId)).toBe('1:retired 2:active');
    expect(await world.authorizer().authorize(key)).toEqual({
      outcome: 'unauthenticated',
      reason: 'retired',
      keyId,
      version: 1,
    });
  });

  it.each(['disabled', 'revoked'] as const)('to both versions of a %s key', async (to) => {
    const { world, keyId, old, fresh } = await dualKeyWorld();
    await status(world, keyId, to);

    for (const [presented, version] of [
      [old, 1],
      [fresh, 2],
    ] as const) {
      expect(await world.authorizer().authorize(presented)).toEqual({
        outcome: 'unauthenticated',
        reason: to,
        keyId,
        version,
      });
    }
  });

  it('to the old version after the grace of an emergency, even where the workflow stands still', async () => {
    const { world, old, fresh } = await dualKeyWorld({ purpose: 'emergency', reason: 'leaked' });
    world.clock.advanceSeconds(3_599.999);
    expect(await world.authorizer().authorize(old)).toMatchObject({ outcome: 'allowed' });

    world.clock.advanceSeconds(0.001);

    expect(await world.authorizer().authorize(old)).toMatchObject({
      outcome: 'unauthenticated',
      reason: 'expired',
      version: 1,
    });
    expect(await world.authorizer().authorize(fresh)).toMatchObject({ outcome: 'allowed' });
  });
});

describe('authorize answers 403', () => {
  const rules: ApiRules = {
    ...RULES,
    routeScopes: {
      'GET /orders/{id}': ['orders:read'],
      'ANY /orders': ['orders:list'],
      '*': ['base:use'],
    },
  };
  const decide = async (scopes: readonly string[], method: string, resource: string) => {
    const { world, key } = await worldWithKey({ scopes });
    return world.authorizer({ rules }).authorize(key, { method, resource });
  };

  it.each([
    [['orders:read'], 'GET', '/orders/{id}', undefined],
    [['orders:*'], 'GET', '/orders/{id}', undefined],
    [['base:use'], 'GET', '/orders/{id}', 'orders:read'],
    [['orders:list'], 'POST', '/orders', undefined],
    [['orders:read'], 'POST', '/orders', 'orders:list'],
    [['base:use'], 'DELETE', '/other', undefined],
    [['orders:*'], 'DELETE', '/other', 'base:use'],
    [['orders:read'], 'DELETE', '/orders/{id}', 'base:use'],
  ])('with scopes %j, %s %s lacks: %s', async (scopes, method, resource, lacking) => {
    const decision = await decide(scopes, method, resource);

    if (lacking === undefined) expect(decision.outcome).toBe('allowed');
    else {
      expect(decision).toMatchObject({
        outcome: 'forbidden',
        reason: 'insufficient-scope',
        requiredScope: lacking,
        message: `This key lacks the scope ${lacking}.`,
      });
    }
  });

  it.each([
    ['203.0.113.9', 'allowed'],
    ['::ffff:203.0.113.9', 'allowed'],
    ['198.51.100.1', 'forbidden'],
    [undefined, 'forbidden'],
  ])('to an address outside the allow list: %s is %s', async (sourceAddress, outcome) => {
    const { world, key } = await worldWithKey({ allowedAddresses: ['203.0.113.0/24'] });
    const request = sourceAddress === undefined ? {} : { sourceAddress };

    const decision = await world.authorizer().authorize(key, request);

    expect(decision.outcome).toBe(outcome);
    if (outcome === 'forbidden') expect(decision).toMatchObject({ reason: 'address-not-allowed' });
  });

  it('to a tool that the key may not call, where the gateway judges tools', async () => {
    const { world, key } = await worldWithKey({ scopes: ['tools:echo'] });
    const authorizer = world.authorizer({ rules: { ...RULES, toolScopes: 'gateway' } });
    const call = (name: string) =>
      authorizer.authorize(key, { mcp: { method: 'tools/call', name, protocolVersion: '2026-07-28' } });

    expect(await call('echo')).toMatchObject({ outcome: 'allowed' });
    expect(await call('delete')).toMatchObject({
      outcome: 'forbidden',
      reason: 'insufficient-scope',
      requiredScope: 'tools:delete',
    });
  });

  it('and never counts a refused request as a use', async () => {
    const { world, keyId, key } = await worldWithKey({ allowedAddresses: ['203.0.113.0/24'] });

    await world.authorizer().authorize(key, { sourceAddress: '198.51.100.1' });
    await world.authorizer().authorize(forged(keyId), { sourceAddress: '203.0.113.1' });

    expect(world.uses.added).toEqual([]);
    expect(world.record(keyId).firstUsesMs).toEqual({});
  });
});

describe('authorize reads', () => {
  it('once for any request that has to be looked up', async () => {
    const { world, keyId, old, fresh } = await dualKeyWorld();

    for (const presented of [old, fresh, forged(keyId), forged('NoSuchKey000')]) {
      const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
      await authorizer.authorize(presented);
      expect(authorizer.reader.reads).toBe(1);
    }
  });

  it('once for both versions of a key, and not again while the record is in memory', async () => {
    const { world, old, fresh } = await dualKeyWorld();
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });

    await authorizer.authorize(old);
    world.clock.advanceSeconds(4.999);
    await authorizer.authorize(fresh);
    await authorizer.authorize(old);

    expect(authorizer.reader.reads).toBe(1);
  });

  it('again once the record is as old as memory may be', async () => {
    const { world, old } = await dualKeyWorld();
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });

    await authorizer.authorize(old);
    world.clock.advanceSeconds(5);
    await authorizer.authorize(old);

    expect(authorizer.reader.reads).toBe(2);
  });

  it('each time where memory is turned off', async () => {
    const { world, key } = await worldWithKey();
    const authorizer = world.authorizer({ memoryMs: 0 });

    for (let request = 0; request < 3; request += 1) await authorizer.authorize(key);

    expect(authorizer.reader.reads).toBe(3);
  });

  it('again after a clock that went back: an age that cannot be told is none', async () => {
    const { world, key } = await worldWithKey();
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });

    await authorizer.authorize(key);
    world.clock.advanceSeconds(-60);
    await authorizer.authorize(key);

    expect(authorizer.reader.reads).toBe(2);
  });
});

describe('memory never refuses from an old copy', () => {
  it('a version that was activated since is accepted at once', async () => {
    const { world, keyId, key } = await worldWithKey();
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    await authorizer.authorize(key);

    await new Execution(world, keyId).toDualKey();

    expect(await authorizer.authorize(await world.sealedKey(keyId, 2))).toMatchObject({ outcome: 'allowed' });
    expect(authorizer.reader.reads).toBe(2);
  });

  it('a pending version that was remembered as such is accepted at once', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.runAll('begin', 'generate');
    const fresh = await world.sealedKey(keyId, 2);
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    expect(await authorizer.authorize(fresh)).toMatchObject({ reason: 'not-yet-active' });

    await execution.runAll('verify', 'activate');

    expect(await authorizer.authorize(fresh)).toMatchObject({ outcome: 'allowed' });
  });

  it('a key that was enabled since is accepted at once', async () => {
    const { world, keyId, key } = await worldWithKey();
    await status(world, keyId, 'disabled');
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    expect(await authorizer.authorize(key)).toMatchObject({ reason: 'disabled' });

    await status(world, keyId, 'enabled');

    expect(await authorizer.authorize(key)).toMatchObject({ outcome: 'allowed' });
  });

  it('a key that was issued since it was unknown is accepted at once', async () => {
    const { world, keyId, key } = await worldWithKey();
    const record = world.record(keyId);
    world.table.keys.delete(keyId);
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    expect(await authorizer.authorize(key)).toMatchObject({ reason: 'unknown' });

    world.table.keys.set(keyId, record);

    expect(await authorizer.authorize(key)).toMatchObject({ outcome: 'allowed' });
  });
});

describe('a refusal holds within the revocation bound', () => {
  it('after retirement memory accepts the old version for its age at most', async () => {
    const { world, old, execution } = await dualKeyWorld();
    world.clock.advanceSeconds(72 * 3600);
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    await authorizer.authorize(await world.sealedKey(execution.keyId, 2));

    await execution.runAll('judge', 'retire');

    world.clock.advanceSeconds(4.999);
    expect(await authorizer.authorize(old)).toMatchObject({ outcome: 'allowed' });
    world.clock.advanceSeconds(0.001);
    expect(await authorizer.authorize(old)).toMatchObject({ outcome: 'unauthenticated', reason: 'retired' });
  });

  it('counts the age from before the read: a slow read makes no copy younger', async () => {
    const { world, keyId, key } = await worldWithKey();
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    world.table.turn = async () => {
      world.table.turn = () => Promise.resolve();
      world.clock.advanceSeconds(3);
    };
    await authorizer.authorize(key);
    await status(world, keyId, 'revoked');

    world.clock.advanceSeconds(2);

    expect(await authorizer.authorize(key)).toMatchObject({ outcome: 'unauthenticated', reason: 'revoked' });
  });

  it('without memory a refusal holds from its write on', async () => {
    const { world, keyId, key } = await worldWithKey();
    const authorizer = world.authorizer({ memoryMs: 0 });
    await authorizer.authorize(key);

    await status(world, keyId, 'disabled');

    expect(await authorizer.authorize(key)).toMatchObject({ reason: 'disabled' });
  });
});

describe('authorize fails closed', () => {
  it('when the store cannot be read', async () => {
    const { world, key } = await worldWithKey();
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    authorizer.reader.failure = new Error('The store is down.');

    await expect(authorizer.authorize(key)).rejects.toThrow('The store is down.');
  });

  it('when the store cannot be read again after memory grew old', async () => {
    const { world, key } = await worldWithKey();
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    await authorizer.authorize(key);
    authorizer.reader.failure = new Error('The store is down.');
    expect(await authorizer.authorize(key)).toMatchObject({ outcome: 'allowed' });

    world.clock.advanceSeconds(5);

    await expect(authorizer.authorize(key)).rejects.toThrow('The store is down.');
  });

  it('when the pepper cannot be read', async () => {
    const { world, key } = await worldWithKey();
    world.peppers.failure = new Error('The secret is unreadable.');

    await expect(world.authorizer().authorize(key)).rejects.toThrow('The secret is unreadable.');
  });

  it('when there is no pepper of the version that hashed the key', async () => {
    const { world, key } = await worldWithKey();
    world.peppers.rotateTo('2');
    world.peppers.remove('1');

    await expect(world.authorizer().authorize(key)).rejects.toMatchObject({ name: 'PepperMissing' });
  });

  it('when a use that must not be lost cannot be written', async () => {
    const { world, old } = await dualKeyWorld();
    world.uses.failure = new Error('The table is throttled.');

    await expect(world.authorizer({ flushMs: 60_000 }).authorize(old)).rejects.toThrow('throttled');
  });
});

describe('recognizeUnaccepted', () => {
  async function recognizer(rules: ApiRules = RULES) {
    const { world, keyId, key } = await worldWithKey();
    const reader = new MemoryKeyReader(world.table);
    const deps = {
      memory: new KeyMemory(reader, MEMORY_MS),
      meter: new UseMeter(world.uses, 0),
      peppers: world.peppers,
      clock: world.clock.read,
    };
    const recognize = (presented: string) => recognizeUnaccepted(deps, rules, presented);
    return { world, keyId, key, reader, recognize };
  }

  it('knows a pending version, which no request gets in with, and counts no use', async () => {
    const { world, keyId, recognize } = await recognizer();
    await new Execution(world, keyId).runAll('begin', 'generate');

    const answer = await recognize(await world.sealedKey(keyId, 2));

    expect(answer).toEqual({ keyId, version: 2, status: 'pending' });
    expect(world.uses.added).toEqual([]);
  });

  it('reads each time, whatever is in memory', async () => {
    const { key, reader, recognize } = await recognizer();

    await recognize(key);
    await recognize(key);

    expect(reader.reads).toBe(2);
  });

  it('says why it knows a key not', async () => {
    const { keyId, key, recognize } = await recognizer({ ...RULES, environments: ['live'] });

    expect(await recognize('nonsense')).toBe('malformed');
    expect(await recognize(relabelled(key, 'mk_', 'acme_'))).toBe('malformed');
    expect(await recognize(relabelled(key, '_live_', '_test_'))).toBe('environment-not-served');
    expect(await recognize(forged('NoSuchKey000'))).toBe('unknown');
    expect(await recognize(forged(keyId))).toBe('wrong-secret');
  });
});
