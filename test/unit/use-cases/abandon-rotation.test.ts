import { describe, expect, it } from 'vitest';
import { Execution } from '../../support/machine.ts';
import { chainHolds, dualKeyWorld, HOUR_S, rotationOf, worldWithKey } from '../../support/rotation-world.ts';

const UNTIL_DUAL_KEY = ['begin', 'generate', 'verify', 'activate'] as const;

describe('abandon', () => {
  it.each([
    ['starting', ['begin'], '1:active'],
    ['verifying', ['begin', 'generate'], '1:active 2:retired'],
    ['dual-key', UNTIL_DUAL_KEY, '1:deprecating 2:active'],
  ] as const)(
    'at %s leaves a key that authenticates, says why, and can be rotated again',
    async (at, steps, left) => {
      // Prepare
      const { world, keyId, key } = await worldWithKey();
      const execution = new Execution(world, keyId);
      await execution.runAll(...steps);

      // Act
      const answer = await execution.abandon('VerificationFailed: no authorizer answered');

      // Assess
      expect(answer).toMatchObject({ next: 'refuse', message: 'VerificationFailed: no authorizer answered' });
      expect(world.statuses(keyId)).toBe(left);
      expect((await world.authorizer().authorize(key)).outcome).toBe('allowed');
      expect(world.record(keyId)).not.toHaveProperty('rotation');
      expect(rotationOf(world, keyId)).toMatchObject({
        status: 'failed',
        failure: 'VerificationFailed: no authorizer answered',
      });
      expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
        action: 'rotation.failed',
        detail: { at },
      });

      const again = new Execution(world, keyId, 'r-2');
      expect((await again.toEnd()).next).toBe('done');
      expect(rotationOf(world, keyId, 'r-2')?.status).toBe('completed');
      expect(chainHolds(world, keyId)).toBe(true);
    },
  );

  it('puts a long failure on record whose cut falls into a character', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.runAll('begin');

    await execution.abandon(`${'x'.repeat(299)}😀`);

    expect(rotationOf(world, keyId)).toMatchObject({ status: 'failed', failure: `${'x'.repeat(299)}\ufffd` });
    expect(chainHolds(world, keyId)).toBe(true);
  });

  it('destroys the sealed key of a version that was never accepted', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.runAll('begin', 'generate');

    await execution.abandon();

    expect(world.table.seals.size).toBe(0);
  });

  it('keeps the sealed key of a version that is accepted: its owner may still claim it', async () => {
    const { world, execution } = await dualKeyWorld();

    await execution.abandon();

    expect(world.table.seals.size).toBe(1);
  });

  it('repeated, or run twice at once, fails the rotation once', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.runAll('begin', 'generate');

    await Promise.all([execution.abandon(), execution.abandon()]);
    await execution.abandon();

    expect(world.actions(keyId).filter((action) => action === 'rotation.failed')).toHaveLength(1);
  });

  it('says what failed where the rotation never took the key', async () => {
    const { world, keyId } = await worldWithKey();

    expect(await new Execution(world, keyId).abandon('WriteContention: six lost races')).toEqual({
      keyId,
      rotationId: 'r-1',
      next: 'refuse',
      message: 'WriteContention: six lost races',
    });
    expect(world.actions(keyId)).toEqual(['key.issued']);
  });

  it('says what failed beside the running rotation of another, which it leaves alone', async () => {
    const { world, keyId } = await worldWithKey();
    await new Execution(world, keyId, 'r-0').toDualKey();
    const before = world.record(keyId);

    expect((await new Execution(world, keyId, 'r-1').abandon('States.Timeout')).message).toBe(
      'States.Timeout',
    );
    expect(world.record(keyId)).toBe(before);
  });

  it('says what failed after the rotation had completed, and that it had', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId, 'r-1', {
      purpose: 'emergency',
      reason: 'leaked',
      immediateInvalidation: true,
    });
    await execution.runAll('begin', 'generate', 'verify');
    world.caches.failure = new Error('API Gateway is busy.');
    await expect(execution.run('activate')).rejects.toThrow();

    expect(await execution.abandon('Error: API Gateway is busy.')).toEqual({
      keyId,
      rotationId: 'r-1',
      next: 'refuse',
      message: 'Error: API Gateway is busy. (The rotation itself had ended as completed)',
    });
    expect(world.statuses(keyId)).toBe('1:retired 2:active');
  });

  it('says what failed after the rotation had failed for another reason, and that reason', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.run('begin');
    await execution.abandon('the first reason');

    expect((await execution.abandon('the first reason')).message).toBe('the first reason');
    expect((await execution.abandon('another')).message).toBe(
      'another (The rotation itself had ended as failed: the first reason)',
    );
  });

  it('cuts a failure that is too long to read', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.run('begin');

    expect((await execution.abandon('x'.repeat(5_000))).message).toBe('x'.repeat(300));
  });
});

describe('a rotation after one that failed with both versions accepted', () => {
  it('waits for and judges those two: no third version is made', async () => {
    const { world, keyId, fresh, execution, authorizer } = await dualKeyWorld();
    await execution.abandon();
    world.clock.advanceSeconds(HOUR_S);

    const next = new Execution(world, keyId, 'r-2', { gracePeriod: 'PT10H' });
    expect(await next.run('begin')).toMatchObject({ next: 'wait', waitUntil: '2026-11-24T01:00:00Z' });
    expect(world.record(keyId)).toMatchObject({
      versions: [
        { status: 'deprecating', expiresAtMs: world.clock.nowMs + 10 * HOUR_S * 1000 },
        { status: 'active' },
      ],
      rotation: { rotationId: 'r-2', status: 'dual-key', fromVersion: 1, toVersion: 2 },
    });

    world.clock.advanceSeconds(10 * HOUR_S);
    await authorizer.authorize(fresh);
    await next.runAll('judge', 'retire');
    expect(world.statuses(keyId)).toBe('1:retired 2:active');
  });

  it('says on record which version it moves away from', async () => {
    const { world, keyId, execution } = await dualKeyWorld();
    await execution.abandon();

    await new Execution(world, keyId, 'r-2').run('begin');

    expect(world.table.events.get(keyId)?.at(-1)?.detail).toMatchObject({ fromVersion: 1 });
  });

  it('judges the use since its own start, not that of the failed one', async () => {
    const { world, keyId, old, fresh, execution, authorizer } = await dualKeyWorld();
    for (let use = 0; use < 50; use += 1) await authorizer.authorize(old);
    await execution.abandon();
    const next = new Execution(world, keyId, 'r-2');
    await next.run('begin');
    world.clock.advanceSeconds(HOUR_S * 72);
    await authorizer.authorize(fresh);

    await next.run('judge');

    expect(world.record(keyId).rotation?.verdict).toMatchObject({
      evidence: 'migrated',
      oldRequests: 0,
      newRequests: 1,
    });
  });

  it('tells idle from migrated: a first use before its start is none in its window', async () => {
    const { world, keyId, fresh, execution, authorizer } = await dualKeyWorld();
    await authorizer.authorize(fresh);
    await execution.abandon();
    world.clock.advanceSeconds(HOUR_S * 5);
    const next = new Execution(world, keyId, 'r-2');
    await next.run('begin');
    world.clock.advanceSeconds(HOUR_S * 72);

    await next.run('judge');

    expect(world.record(keyId).rotation?.verdict?.evidence).toBe('idle');
  });
});
