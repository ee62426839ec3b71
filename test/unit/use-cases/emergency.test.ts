import { describe, expect, it } from 'vitest';
import { Execution } from '../../support/machine.ts';
import { dualKeyWorld, HOUR_S, rotationOf, worldWithKey } from '../../support/rotation-world.ts';

describe('an emergency', () => {
  const LEAKED = { purpose: 'emergency', reason: 'leaked' };

  it('with immediate invalidation refuses the old version in the same write that accepts the new one', async () => {
    const { world, keyId, key: old } = await worldWithKey();
    const execution = new Execution(world, keyId, 'r-1', { ...LEAKED, immediateInvalidation: true });
    await execution.runAll('begin', 'generate', 'verify');
    world.clock.advanceSeconds(2.5);

    expect((await execution.run('activate')).next).toBe('done');

    expect(world.statuses(keyId)).toBe('1:retired 2:active');
    expect(await world.authorizer().authorize(old)).toMatchObject({ reason: 'retired' });
    expect((await world.authorizer().authorize(await world.sealedKey(keyId, 2))).outcome).toBe('allowed');
    expect(rotationOf(world, keyId)).toMatchObject({ status: 'completed', endedAtMs: world.clock.nowMs });
    expect(world.table.events.get(keyId)?.at(-1)?.detail).toMatchObject({ oldVersionIs: 'retired' });
    expect(world.caches.flushes).toBe(1);
  });

  it('with grace takes the emergency grace of the policy and retires then, even with stragglers', async () => {
    const { world, keyId, old, execution, authorizer } = await dualKeyWorld(LEAKED);
    world.clock.advanceSeconds(HOUR_S - 1);
    for (let use = 0; use < 100; use += 1) await authorizer.authorize(old);
    world.clock.advanceSeconds(1);
    expect(await authorizer.authorize(old)).toMatchObject({ reason: 'expired' });

    expect((await execution.runAll('judge', 'retire')).next).toBe('done');

    expect(world.statuses(keyId)).toBe('1:retired 2:active');
    expect(rotationOf(world, keyId)).toMatchObject({
      verdict: { evidence: 'stragglers', decision: 'retire', oldRequests: 100 },
      endedAtMs: world.clock.nowMs,
    });
  });

  it('takes a grace period of its own where one is ordered', async () => {
    const { world, keyId } = await dualKeyWorld({ ...LEAKED, gracePeriod: 'PT5M' });

    expect(world.record(keyId).versions[0]).toMatchObject({
      expiresAtMs: world.clock.nowMs + 300_000,
      refuseAfterMs: world.clock.nowMs + 300_000,
    });
  });

  it('keeps its bound when it fails on the way: the old version is refused then all the same', async () => {
    const { world, keyId, old, fresh, execution, authorizer } = await dualKeyWorld(LEAKED);
    await execution.abandon();
    await new Execution(world, keyId, 'r-2').run('begin');

    world.clock.advanceSeconds(HOUR_S);

    expect(await authorizer.authorize(old)).toMatchObject({ reason: 'expired' });
    expect((await authorizer.authorize(fresh)).outcome).toBe('allowed');
  });

  it('beside two versions left by a failed rotation ends with two at most, and retires the oldest', async () => {
    const { world, keyId, old, fresh, execution, authorizer } = await dualKeyWorld();
    await execution.abandon();
    const emergency = new Execution(world, keyId, 'r-2', LEAKED);

    await emergency.runAll('begin', 'generate', 'verify');
    expect(world.statuses(keyId)).toBe('1:deprecating 2:active 3:pending');
    await emergency.run('activate');

    expect(world.statuses(keyId)).toBe('1:retired 2:deprecating 3:active');
    expect(await authorizer.authorize(old)).toMatchObject({ reason: 'retired' });
    expect((await authorizer.authorize(fresh)).outcome).toBe('allowed');
  });
});
