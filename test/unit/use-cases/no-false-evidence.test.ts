/** What must not be taken for evidence that clients have moved. */
import { describe, expect, it } from 'vitest';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { Execution } from '../../support/machine.ts';
import { dualKeyWorld, HOUR_S, worldWithKey } from '../../support/rotation-world.ts';

const BY = { actor: { principal: 'operator', via: 'test' }, reason: 'looking into it' };
const LAG = { evidenceLagSeconds: 16 };

describe('a window shorter than uses take to be on record', () => {
  it('is lengthened: its grace period and its extensions', async () => {
    const { world, keyId, execution } = await dualKeyWorld({ gracePeriod: 'PT2S' }, LAG);

    expect(world.record(keyId).rotation).toMatchObject({ graceSeconds: 16 });
    world.clock.advanceSeconds(15);
    await world.authorizer().authorize(await world.sealedKey(keyId, 2));
    expect((await execution.run('judge')).next).toBe('retire');
  });

  it('stays as short as it was asked for in an emergency, which is not judged by use', async () => {
    const { world, keyId } = await dualKeyWorld(
      { purpose: 'emergency', reason: 'leaked', gracePeriod: 'PT2S' },
      LAG,
    );

    expect(world.record(keyId).rotation).toMatchObject({ graceSeconds: 2 });
  });
});

describe('a disabled key', () => {
  it('is not judged: nobody could use its old version', async () => {
    const { world, keyId, execution } = await dualKeyWorld();
    await changeKeyStatus(world.deps, keyId, 'disabled', BY);
    world.clock.advanceSeconds(HOUR_S * 72);

    expect((await execution.run('judge')).next).toBe('wait');
    expect(world.statuses(keyId)).toBe('1:deprecating 2:active');
    expect(world.record(keyId).rotation).toMatchObject({ extensions: 0 });
    expect(world.record(keyId).rotation).not.toHaveProperty('verdict');
    expect(world.actions(keyId).at(-1)).toBe('rotation.postponed');
  });

  it('that is enabled again has a whole window before it is judged', async () => {
    const { world, keyId, old, execution, authorizer } = await dualKeyWorld();
    world.clock.advanceSeconds(HOUR_S);
    await changeKeyStatus(world.deps, keyId, 'disabled', BY);
    world.clock.advanceSeconds(HOUR_S * 71);
    await changeKeyStatus(world.deps, keyId, 'enabled', BY);

    expect(await execution.run('judge')).toMatchObject({ next: 'wait', waitUntil: '2026-11-27T14:00:00Z' });
    world.clock.advanceSeconds(HOUR_S * 24);
    await authorizer.authorize(old);
    expect((await execution.run('judge')).next).toBe('wait');
    expect(world.record(keyId).rotation?.verdict?.evidence).toBe('stragglers');
  });

  it('is retired by an emergency all the same', async () => {
    const { world, keyId, execution } = await dualKeyWorld({ purpose: 'emergency', reason: 'leaked' });
    await changeKeyStatus(world.deps, keyId, 'disabled', BY);
    world.clock.advanceSeconds(HOUR_S);

    expect((await execution.run('judge')).next).toBe('retire');
  });
});

describe('a new version that was lost', () => {
  /** Two accepted versions of a rotation that failed, the newer one never taken, its seal expired. */
  async function withLostVersion() {
    const { world, keyId, key } = await worldWithKey();
    const failed = new Execution(world, keyId, 'r-1');
    await failed.toDualKey();
    await failed.abandon();
    const lost = await world.sealedKey(keyId, 2);
    world.clock.advanceSeconds(15 * 24 * HOUR_S);
    return { world, keyId, key, lost };
  }

  it('is replaced by the next rotation, while clients go on with the old one', async () => {
    const { world, keyId, key } = await withLostVersion();

    await new Execution(world, keyId, 'r-2').toDualKey();

    expect(world.statuses(keyId)).toBe('1:deprecating 2:retired 3:active');
    expect(await world.authorizer().authorize(key)).toMatchObject({ outcome: 'allowed' });
    expect(world.table.seals.has(`${keyId}/2`)).toBe(false);
  });

  it('is replaced also beside a version that an emergency lets expire, whose bound stays', async () => {
    const { world, keyId, old } = await dualKeyWorld({ purpose: 'emergency', reason: 'leaked' });
    world.clock.advanceSeconds(15 * 24 * HOUR_S);
    world.executions.kill('r-1');

    const next = new Execution(world, keyId, 'r-2');
    await next.toDualKey();

    expect(world.statuses(keyId)).toBe('1:deprecating 2:retired 3:active');
    expect(await world.authorizer().authorize(old)).toMatchObject({ reason: 'expired' });
    const key = await world.sealedKey(keyId, 3);
    expect(await world.authorizer().authorize(key)).toMatchObject({ outcome: 'allowed' });
  });

  it('is kept when somebody uses it before the write that would retire it', async () => {
    const { world, keyId, key, lost } = await withLostVersion();
    const next = new Execution(world, keyId, 'r-2');
    await next.runAll('begin', 'generate', 'verify');
    await world.authorizer().authorize(lost);

    expect(await next.run('activate')).toMatchObject({
      next: 'done',
      message: expect.stringMatching(/Version 2/),
    });

    expect(world.statuses(keyId)).toBe('1:deprecating 2:active 3:retired');
    for (const each of [key, lost]) {
      expect(await world.authorizer().authorize(each)).toMatchObject({ outcome: 'allowed' });
    }
  });
});

describe('sealed keys', () => {
  it('go with the version that retires unclaimed, and all of them with a revoked key', async () => {
    const { world, keyId } = await worldWithKey();
    const emergency = { purpose: 'emergency', reason: 'leaked', immediateInvalidation: true } as const;
    await new Execution(world, keyId, 'r-1', emergency).runAll('begin', 'generate', 'verify', 'activate');
    await new Execution(world, keyId, 'r-2', emergency).runAll('begin', 'generate', 'verify', 'activate');
    expect([...world.table.seals.keys()]).toEqual([`${keyId}/3`]);

    await changeKeyStatus(world.deps, keyId, 'revoked', BY);

    expect([...world.table.seals.keys()]).toEqual([]);
  });
});
