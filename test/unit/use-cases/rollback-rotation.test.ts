import { describe, expect, it } from 'vitest';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { Execution } from '../../support/machine.ts';
import { arnOf } from '../../support/memory-executions.ts';
import { chainHolds, dualKeyWorld, HOUR_S, rotationOf, worldWithKey } from '../../support/rotation-world.ts';

const BY = { actor: { principal: 'operator', via: 'test' }, reason: 'the new client is broken' };

describe('a rollback', () => {
  it('makes the old version the one again and refuses the new one, in one write', async () => {
    const { world, keyId, old, fresh, authorizer } = await dualKeyWorld();

    expect((await rollbackRotation(world.deps, keyId, BY)).outcome).toBe('rolled-back');

    expect(world.statuses(keyId)).toBe('1:active 2:retired');
    expect(world.record(keyId).versions[0]).not.toHaveProperty('expiresAtMs');
    expect(await authorizer.authorize(old)).toMatchObject({ outcome: 'allowed' });
    expect(await authorizer.authorize(fresh)).toMatchObject({ reason: 'retired' });
    expect(rotationOf(world, keyId)).toMatchObject({ status: 'rolled-back', endedAtMs: world.clock.nowMs });
    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'rotation.rolled-back',
      reason: BY.reason,
      detail: { activeVersion: 1, refusedVersion: 2, refusedVersionWas: 'active' },
    });
    expect(world.caches.flushes).toBe(2);
  });

  it.each([
    ['begun', ['begin']],
    ['with a pending version', ['begin', 'generate']],
    ['verified', ['begin', 'generate', 'verify']],
    ['with two accepted versions', ['begin', 'generate', 'verify', 'activate']],
  ] as const)('works on a rotation %s, ends its execution, and leaves no seal', async (_what, steps) => {
    const { world, keyId, key } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.runAll(...steps);

    await rollbackRotation(world.deps, keyId, BY);

    expect(world.record(keyId).versions.filter(({ status }) => status !== 'retired')).toMatchObject([
      { version: 1, status: 'active' },
    ]);
    expect(await world.authorizer().authorize(key)).toMatchObject({ outcome: 'allowed' });
    expect(await world.executions.stateOf(arnOf('r-1'))).toBe('ended');
    expect(world.table.seals.size).toBe(0);
    expect(chainHolds(world, keyId)).toBe(true);
    for (const step of ['generate', 'verify', 'activate', 'judge', 'retire'] as const) {
      expect((await execution.run(step)).next).toBe('done');
    }
    expect(world.record(keyId).rotation).toBeUndefined();
  });

  it('racing the retirement: exactly one of them wins', async () => {
    const { world, keyId, fresh, execution, authorizer } = await dualKeyWorld();
    await authorizer.authorize(fresh);
    world.clock.advanceSeconds(HOUR_S * 72);
    await execution.run('judge');

    const [retired, taken] = await Promise.all([
      execution.run('retire'),
      rollbackRotation(world.deps, keyId, BY),
    ]);

    expect(retired.next).toBe('done');
    const won = taken.outcome === 'rolled-back';
    expect(world.statuses(keyId)).toBe(won ? '1:active 2:retired' : '1:retired 2:active');
    expect(rotationOf(world, keyId)?.status).toBe(won ? 'rolled-back' : 'completed');
  });

  it('works on what a rotation that failed has left', async () => {
    const { world, keyId, old, execution, authorizer } = await dualKeyWorld();
    await execution.abandon();

    expect((await rollbackRotation(world.deps, keyId, BY)).outcome).toBe('rolled-back');

    expect(world.statuses(keyId)).toBe('1:active 2:retired');
    expect(await authorizer.authorize(old)).toMatchObject({ outcome: 'allowed' });
  });

  it('takes an emergency back too, and with it the hard end of the old version', async () => {
    const { world, keyId, old, authorizer } = await dualKeyWorld({ purpose: 'emergency', reason: 'a drill' });
    await rollbackRotation(world.deps, keyId, BY);
    world.clock.advanceSeconds(HOUR_S * 2);

    expect(await authorizer.authorize(old)).toMatchObject({ outcome: 'allowed' });
  });

  it('is followed by a rotation like any other, which counts no use from before', async () => {
    const { world, keyId, old, authorizer } = await dualKeyWorld();
    await authorizer.authorize(old);
    await rollbackRotation(world.deps, keyId, BY);
    const next = new Execution(world, keyId, 'r-2');
    await next.toDualKey();
    world.clock.advanceSeconds(HOUR_S * 71);
    await authorizer.authorize(await world.sealedKey(keyId, 3));
    world.clock.advanceSeconds(HOUR_S);

    expect((await next.run('judge')).next).toBe('retire');
    expect(world.record(keyId).rotation?.verdict).toMatchObject({ evidence: 'migrated', oldRequests: 0 });
  });

  it('with nothing to take back changes nothing', async () => {
    const { world, keyId } = await worldWithKey();

    expect(await rollbackRotation(world.deps, keyId, BY)).toEqual({ outcome: 'nothing-to-roll-back' });
    expect(await rollbackRotation(world.deps, 'AAAAAAAAAAAA', BY)).toEqual({ outcome: 'unknown-key' });
    expect(world.actions(keyId)).toEqual(['key.issued']);
  });
});
