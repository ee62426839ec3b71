/** What is kept of a refused request, and that no refusal depends on it. */
import { describe, expect, it } from 'vitest';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { forged } from '../../support/forged-keys.ts';
import { Execution } from '../../support/machine.ts';
import { type Authorizer, type MemoryWorld, OPERATOR } from '../../support/memory-world.ts';
import { dualKeyWorld, worldWithKey } from '../../support/rotation-world.ts';

const refusedIn = async (world: MemoryWorld, authorizer: Authorizer, keyId: string) => {
  await authorizer.meter.flushAll();
  return (await world.uses.totals(keyId, 0)).get(0)?.requests ?? 0;
};

describe('while a key has two accepted versions', () => {
  it('a wrong secret for it is counted', async () => {
    const { world, keyId } = await dualKeyWorld();
    const authorizer = world.authorizer();
    await authorizer.authorize(forged(keyId));

    expect(await refusedIn(world, authorizer, keyId)).toBe(1);
  });

  it('an address that is not allowed is counted, and no use', async () => {
    const { world, keyId, key } = await worldWithKey({ allowedAddresses: ['203.0.113.0/24'] });
    await new Execution(world, keyId).toDualKey();
    const authorizer = world.authorizer();
    await authorizer.authorize(key, { sourceAddress: '198.51.100.1' });

    expect(await refusedIn(world, authorizer, keyId)).toBe(1);
    expect((await world.uses.totals(keyId, 0)).get(1)).toBeUndefined();
  });

  it('a missing scope is counted', async () => {
    const { world, keyId, old } = await dualKeyWorld();
    const rules = { ...world.rules, routeScopes: { '*': ['orders:read'] } };
    const authorizer = world.authorizer({ rules });
    expect(await authorizer.authorize(old)).toMatchObject({ reason: 'insufficient-scope' });

    expect(await refusedIn(world, authorizer, keyId)).toBe(1);
  });

  it('each version of a disabled key is counted', async () => {
    const { world, keyId, old, fresh } = await dualKeyWorld();
    await changeKeyStatus(world.deps, keyId, 'disabled', { actor: OPERATOR, reason: 'a test' });
    const authorizer = world.authorizer();
    for (const presented of [old, fresh]) await authorizer.authorize(presented);

    expect(await refusedIn(world, authorizer, keyId)).toBe(2);
  });

  it('no other key’s refusal is counted, and none that is about no key', async () => {
    const { world, keyId } = await dualKeyWorld();
    const { keyId: other } = await world.issue();
    const authorizer = world.authorizer();
    for (const presented of [undefined, 'nonsense', forged('NoSuchKey000'), forged(other)])
      await authorizer.authorize(presented);

    for (const each of [keyId, other]) expect(await refusedIn(world, authorizer, each)).toBe(0);
  });
});

describe('the first refusal of a version that is accepted no more', () => {
  it('is noted when it is retired, once for all environments', async () => {
    const { world, keyId, key } = await worldWithKey();
    await new Execution(world, keyId).toEnd();
    expect(world.record(keyId).firstRefusalsMs).toEqual({});

    world.clock.advanceSeconds(7);
    await world.authorizer().authorize(key);
    const firstMs = world.clock.nowMs;
    world.clock.advanceSeconds(7);
    await world.authorizer().authorize(key);

    expect(world.record(keyId).firstRefusalsMs).toEqual({ '1': firstMs });
  });

  it('is noted when it is past an emergency’s bound', async () => {
    const { world, keyId, old } = await dualKeyWorld({ purpose: 'emergency', reason: 'leaked' });
    const authorizer = world.authorizer();
    await authorizer.authorize(old);
    world.clock.advanceSeconds(3_600);
    await authorizer.authorize(old);

    expect(world.record(keyId).firstRefusalsMs).toEqual({ '1': world.clock.nowMs });
    expect(await refusedIn(world, authorizer, keyId)).toBe(1);
  });

  it('is not noted of a key that an earlier release issued, and the request is refused all the same', async () => {
    const { world, keyId, key } = await worldWithKey();
    const { firstRefusalsMs: _none, ...record } = world.record(keyId);
    world.table.keys.set(keyId, record);
    await new Execution(world, keyId).toEnd();

    const refused = await world.authorizer().authorize(key);

    expect(refused).toMatchObject({ outcome: 'unauthenticated', reason: 'retired' });
    expect(world.record(keyId)).not.toHaveProperty('firstRefusalsMs');
  });

  it('is noted of the new version after a rollback', async () => {
    const { world, keyId, fresh } = await dualKeyWorld();
    await rollbackRotation(world.deps, keyId, { actor: OPERATOR, reason: 'a test' });
    await world.authorizer().authorize(fresh);

    expect(world.record(keyId).firstRefusalsMs).toEqual({ '2': world.clock.nowMs });
  });

  it('is no wrong secret, no disabled key, and no version that is not accepted yet', async () => {
    const { world, keyId, key } = await worldWithKey();
    await new Execution(world, keyId).runAll('begin', 'generate');
    const authorizer = world.authorizer();
    await authorizer.authorize(await world.sealedKey(keyId, 2));
    await authorizer.authorize(forged(keyId));
    await changeKeyStatus(world.deps, keyId, 'disabled', { actor: OPERATOR, reason: 'a test' });
    await authorizer.authorize(key);

    expect(world.record(keyId).firstRefusalsMs).toEqual({});
  });
});

it('a refusal stands when nothing of it can be written', async () => {
  const { world, old } = await dualKeyWorld({ purpose: 'emergency', reason: 'leaked' });
  world.clock.advanceSeconds(3_600);
  world.uses.failure = new Error('The table is in trouble.');
  const authorizer = world.authorizer();

  for (let request = 0; request < 3; request += 1) {
    expect(await authorizer.authorize(old)).toMatchObject({ outcome: 'unauthenticated', reason: 'expired' });
    world.clock.advanceSeconds(20);
  }
});
