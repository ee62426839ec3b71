import { describe, expect, it } from 'vitest';
import { Execution } from '../../support/machine.ts';
import { arnOf } from '../../support/memory-executions.ts';
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

describe('an emergency while another rotation runs', () => {
  const LEAKED = { purpose: 'emergency', reason: 'leaked' };
  const AT_ONCE = { ...LEAKED, immediateInvalidation: true };

  it.each([
    ['begun', ['begin']],
    ['with a pending version', ['begin', 'generate']],
    ['with two accepted versions', ['begin', 'generate', 'verify', 'activate']],
  ] as const)(
    'takes over from one %s: only its own new version is accepted at its end',
    async (_what, steps) => {
      const { world, keyId, key } = await worldWithKey();
      const overtaken = new Execution(world, keyId, 'r-1');
      await overtaken.runAll(...steps);
      const emergency = new Execution(world, keyId, 'r-2', AT_ONCE);

      await emergency.runAll('begin', 'generate', 'verify', 'activate');

      expect(world.record(keyId).versions.filter(({ status }) => status !== 'retired')).toHaveLength(1);
      expect(await world.authorizer().authorize(key)).toMatchObject({ reason: 'retired' });
      expect(rotationOf(world, keyId, 'r-1')).toMatchObject({
        status: 'failed',
        failure: 'Emergency r-2 takes over.',
      });
      expect(rotationOf(world, keyId, 'r-2')).toMatchObject({ status: 'completed' });
      expect(await world.executions.stateOf(arnOf('r-1'))).toBe('ended');
      expect(world.table.seals.size).toBe(1);
    },
  );

  it('leaves nothing for the steps of the one it took over from', async () => {
    const { world, keyId, execution } = await dualKeyWorld();
    await new Execution(world, keyId, 'r-2', AT_ONCE).runAll('begin', 'generate', 'verify', 'activate');
    world.clock.advanceSeconds(HOUR_S * 72);

    expect((await execution.run('judge')).next).toBe('done');
    expect((await execution.run('retire')).next).toBe('done');
    expect(world.statuses(keyId)).toBe('1:retired 2:retired 3:active');
  });

  it('that refuses at once takes over from one with a grace period, and not the other way round', async () => {
    const { world, keyId } = await dualKeyWorld(LEAKED);

    expect((await new Execution(world, keyId, 'r-2', LEAKED).run('begin')).next).toBe('answer-running');
    expect((await new Execution(world, keyId, 'r-3', AT_ONCE).run('begin')).next).toBe('generate');
  });
});
