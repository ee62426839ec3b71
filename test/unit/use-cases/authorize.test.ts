import { describe, expect, it } from 'vitest';
import type { ApiRules } from '../../../lambdas/core/domain/authorization.ts';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { forged, relabelled } from '../../support/forged-keys.ts';
import { Execution } from '../../support/machine.ts';
import { type MemoryWorld, OPERATOR, RULES } from '../../support/memory-world.ts';
import { dualKeyWorld, worldWithKey } from '../../support/rotation-world.ts';

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
