import { describe, expect, it } from 'vitest';
import { claimKey } from '../../../lambdas/core/use-cases/claim-key.ts';
import { Execution } from '../../support/machine.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { dualKeyWorld, HOUR_S, worldWithKey } from '../../support/rotation-world.ts';

describe('judge', () => {
  it('waits on when it comes too early', async () => {
    const { world, execution } = await dualKeyWorld();
    world.clock.advanceSeconds(HOUR_S * 72 - 2);

    expect(await execution.run('judge')).toMatchObject({ next: 'wait', waitUntil: '2026-11-26T14:00:00Z' });
    expect(world.actions(execution.keyId)).not.toContain('rotation.judged');
  });

  it('takes a second early for on time: the service waits by its own clock', async () => {
    const { world, execution } = await dualKeyWorld();
    await world.uses.noteFirstUse(execution.keyId, 2, world.clock.nowMs);
    world.clock.advanceSeconds(HOUR_S * 72 - 1);

    expect((await execution.run('judge')).next).toBe('retire');
  });

  it('extends while stragglers use the old version, and retires once they have moved', async () => {
    const { world, keyId, old, fresh, execution, authorizer } = await dualKeyWorld();
    world.clock.advanceSeconds(HOUR_S * 72);
    await authorizer.authorize(old, { sourceAddress: '203.0.113.9', userAgent: 'cron' });
    for (let use = 0; use < 9; use += 1) await authorizer.authorize(fresh);

    expect(await execution.run('judge')).toMatchObject({ next: 'wait', waitUntil: '2026-11-27T14:00:00Z' });
    expect(world.record(keyId)).toMatchObject({
      versions: [{ status: 'deprecating', expiresAtMs: world.clock.nowMs + 24 * HOUR_S * 1000 }, {}],
      rotation: { extensions: 1, verdict: { evidence: 'stragglers', decision: 'extend' } },
    });

    // Nobody uses the old version in the next window; what was before it counts no more.
    world.clock.advanceSeconds(HOUR_S * 24);
    await authorizer.authorize(fresh);

    expect((await execution.run('judge')).next).toBe('retire');
    expect(world.record(keyId).rotation?.verdict).toMatchObject({
      evidence: 'migrated',
      oldRequests: 0,
      newRequests: 1,
    });
  });

  it('counts a use in one window and no other, and none is left out', async () => {
    const { world, keyId, old, execution, authorizer } = await dualKeyWorld();
    const judgedOld: unknown[] = [];
    for (let window = 1; window <= 4; window += 1) {
      world.clock.advanceSeconds(HOUR_S * (window === 1 ? 72 : 24) - 1);
      for (let use = 0; use < window; use += 1) await authorizer.authorize(old);
      world.clock.advanceSeconds(1);
      await execution.run('judge');
      judgedOld.push(world.record(keyId).rotation?.verdict?.oldRequests);
    }

    expect(judgedOld).toEqual([1, 2, 3, 4]);
  });

  it('finds a count that was written after the window in which it was made', async () => {
    const { world, keyId, old, execution } = await dualKeyWorld();
    const late = world.authorizer({ flushMs: 60_000 });
    world.clock.advanceSeconds(HOUR_S * 72 - 20);
    await late.authorize(old);
    await late.authorize(old);
    world.clock.advanceSeconds(20);
    await execution.run('judge');
    expect(world.record(keyId).rotation?.verdict?.oldRequests).toBe(1);

    await late.meter.flushAll();
    world.clock.advanceSeconds(HOUR_S * 24);
    await execution.run('judge');

    expect(world.record(keyId).rotation?.verdict).toMatchObject({ evidence: 'stragglers', oldRequests: 1 });
  });

  it('sees a straggler for as long as it holds on: counters that expire hide nobody', async () => {
    const { world, keyId, old, fresh, execution, authorizer } = await dualKeyWorld();
    world.clock.advanceSeconds(HOUR_S * 72);
    for (let day = 0; day < 120; day += 1) {
      const expired = world.clock.nowMs - 90 * 86_400_000;
      const hours = world.table.uses.get(keyId) ?? [];
      world.table.uses.set(
        keyId,
        hours.filter(({ hourMs }) => hourMs > expired),
      );
      for (let use = 0; use < 2; use += 1) await authorizer.authorize(old);
      await authorizer.authorize(fresh);

      expect((await execution.run('judge')).next).toBe('wait');
      world.clock.advanceSeconds(HOUR_S * 24);
    }
    expect(world.record(keyId).rotation?.verdict).toMatchObject({
      evidence: 'stragglers',
      decision: 'hold',
      oldRequests: 2,
      newRequests: 1,
    });
  });

  it('holds after the last extension and keeps the old version working', async () => {
    const { world, keyId, old, execution, authorizer } = await dualKeyWorld(
      {},
      { policies: { standard: { maxExtensions: 2 } } },
    );
    for (let judgement = 1; judgement <= 4; judgement += 1) {
      world.clock.advanceSeconds(HOUR_S * (judgement === 1 ? 72 : 24));
      await authorizer.authorize(old);
      expect((await execution.run('judge')).next).toBe('wait');
    }

    expect(world.record(keyId).rotation).toMatchObject({
      extensions: 2,
      verdict: { evidence: 'stragglers', decision: 'hold' },
    });
    expect((await authorizer.authorize(old)).outcome).toBe('allowed');
  });

  it('retires after the last extension where the policy says so, once the owner has the new key', async () => {
    const { world, keyId, old, execution, authorizer } = await dualKeyWorld(
      {},
      { policies: { standard: { maxExtensions: 1, afterMaxExtensions: 'retire' } } },
    );
    world.clock.advanceSeconds(HOUR_S * 72);
    await authorizer.authorize(old);
    expect((await execution.run('judge')).next).toBe('wait');
    world.clock.advanceSeconds(HOUR_S * 24);
    await authorizer.authorize(old);
    expect((await execution.run('judge')).next).toBe('wait');
    await claimKey(world.deps, keyId, OPERATOR);
    world.clock.advanceSeconds(HOUR_S * 24);
    await authorizer.authorize(old);

    expect((await execution.run('judge')).next).toBe('retire');
  });

  it('never takes the key from an owner who never got the new one', async () => {
    const { world, keyId, old, execution, authorizer } = await dualKeyWorld();
    for (let judgement = 1; judgement <= 10; judgement += 1) {
      world.clock.advanceSeconds(HOUR_S * 72);
      expect((await execution.run('judge')).next).toBe('wait');
    }

    expect(world.record(keyId).rotation?.verdict).toMatchObject({
      evidence: 'never-delivered',
      decision: 'hold',
    });
    expect((await authorizer.authorize(old)).outcome).toBe('allowed');
  });

  it('counts the old version only while it was deprecating: use before the rotation says nothing', async () => {
    const { world, keyId, key } = await worldWithKey();
    const authorizer = world.authorizer();
    for (let use = 0; use < 50; use += 1) await authorizer.authorize(key);
    const execution = new Execution(world, keyId);
    await execution.toDualKey();
    world.clock.advanceSeconds(HOUR_S * 72);
    await authorizer.authorize(await world.sealedKey(keyId, 2));

    expect((await execution.run('judge')).next).toBe('retire');
  });
});

describe('retire', () => {
  it('refuses to retire without a verdict that says so', async () => {
    const { world, keyId, old, execution, authorizer } = await dualKeyWorld();

    await expect(execution.run('retire')).rejects.toMatchObject({ name: 'NoVerdict' });
    world.clock.advanceSeconds(HOUR_S * 72);
    await authorizer.authorize(old);
    await execution.run('judge');
    await expect(execution.run('retire')).rejects.toMatchObject({ name: 'NoVerdict' });

    expect(world.statuses(keyId)).toBe('1:deprecating 2:active');
  });
});
