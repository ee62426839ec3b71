import { describe, expect, it } from 'vitest';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { Execution } from '../../support/machine.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { chainHolds, dualKeyWorld, HOUR_S, worldWithKey } from '../../support/rotation-world.ts';

const policies = (standard: object) => ({ policies: { standard } });

describe('reminders', () => {
  it('come 48 and 24 hours before the end of 72, each once, with what is known then', async () => {
    const { world, keyId, old, fresh, execution, authorizer } = await dualKeyWorld();
    await authorizer.authorize(old);
    await authorizer.authorize(fresh);
    world.clock.advanceSeconds(24 * HOUR_S);

    expect(await execution.run('judge')).toMatchObject({ next: 'wait', waitUntil: '2026-11-25T14:00:00Z' });
    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'rotation.reminded',
      detail: {
        beforeSeconds: 48 * HOUR_S,
        endsAt: '2026-11-26T14:00:00.000Z',
        oldRequests: 1,
        newRequests: 1,
      },
    });

    world.clock.advanceSeconds(24 * HOUR_S);
    expect(await execution.run('judge')).toMatchObject({ next: 'wait', waitUntil: '2026-11-26T14:00:00Z' });
    expect(await execution.run('judge')).toMatchObject({ next: 'wait', waitUntil: '2026-11-26T14:00:00Z' });
    expect(world.actions(keyId).filter((action) => action === 'rotation.reminded')).toHaveLength(2);
    expect(chainHolds(world, keyId)).toBe(true);
  });

  it.each([
    ['PT48H', 1],
    ['PT24H', 0],
    ['PT1H', 0],
  ])('for a grace period of %s are %i', async (gracePeriod, count) => {
    const { world, key, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId, 'r-1', { gracePeriod });
    const waiting = await execution.toDualKey();
    await world.authorizer().authorize(await world.sealedKey(keyId, 2));

    expect((await execution.waitAndJudge(waiting)).next).toBe('retire');

    expect(world.actions(keyId).filter((action) => action === 'rotation.reminded')).toHaveLength(count);
    expect((await world.authorizer().authorize(key)).outcome).toBe('allowed');
  });

  it('come again before the end of an extension that is long enough', async () => {
    const { world, keyId, old, execution, authorizer } = await dualKeyWorld(
      {},
      policies({ extension: 'P3D' }),
    );
    world.clock.advanceSeconds(72 * HOUR_S);
    await authorizer.authorize(old);

    // Late, the judgement comes first: no reminder of an end that is there.
    expect(await execution.run('judge')).toMatchObject({ next: 'wait', waitUntil: '2026-11-27T14:00:00Z' });
    expect(world.actions(keyId)).not.toContain('rotation.reminded');
    world.clock.advanceSeconds(24 * HOUR_S);
    await execution.run('judge');
    expect(world.actions(keyId).at(-1)).toBe('rotation.reminded');
  });

  it('run twice at once remind once', async () => {
    const { world, keyId, execution } = await dualKeyWorld();
    world.clock.advanceSeconds(24 * HOUR_S);

    const answers = await Promise.all([
      execution.run('judge'),
      execution.run('judge'),
      execution.run('judge'),
    ]);

    expect(new Set(answers.map(({ waitUntil }) => waitUntil))).toEqual(new Set(['2026-11-25T14:00:00Z']));
    expect(world.actions(keyId).filter((action) => action === 'rotation.reminded')).toHaveLength(1);
  });

  it('go on for a rotation that an earlier release started, which knows none: it waits to its end', async () => {
    const { world, keyId, execution } = await dualKeyWorld();
    const { rotation, ...record } = world.record(keyId);
    const { reminders: _none, ...started } = rotation as NonNullable<typeof rotation>;
    const { reminderSeconds: _reminders, rollback: _rollback, ...terms } = started.terms;
    world.table.keys.set(keyId, { ...record, rotation: { ...started, terms } });
    world.clock.advanceSeconds(24 * HOUR_S);

    expect(await execution.run('judge')).toMatchObject({ next: 'wait', waitUntil: '2026-11-26T14:00:00Z' });
    world.clock.advanceSeconds(48 * HOUR_S);
    await world.uses.noteFirstUse(keyId, 2, world.clock.nowMs);
    expect((await execution.runAll('judge', 'retire')).next).toBe('done');
    expect(world.statuses(keyId)).toBe('1:retired 2:active');
  });
});

describe('early retirement', () => {
  const EARLY = policies({ earlyRetirement: 'PT12H', reminders: [] });
  const waits = (waitUntil: string) => ({ next: 'wait', waitUntil });

  it('retires before the announced end once only the new version was used for so long', async () => {
    const { world, keyId, old, fresh, execution, authorizer } = await dualKeyWorld({}, EARLY);
    await authorizer.authorize(old);
    await authorizer.authorize(fresh);

    world.clock.advanceSeconds(12 * HOUR_S);
    expect(await execution.run('judge')).toMatchObject(waits('2026-11-24T14:00:00Z'));
    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'rotation.looked',
      detail: { oldRequests: 1, newRequests: 1 },
    });

    await authorizer.authorize(fresh);
    world.clock.advanceSeconds(12 * HOUR_S);
    expect((await execution.runAll('judge', 'retire')).next).toBe('done');

    expect(world.statuses(keyId)).toBe('1:retired 2:active');
    expect(world.table.events.get(keyId)?.at(-2)).toMatchObject({
      action: 'rotation.judged',
      detail: { evidence: 'migrated', decision: 'retire', early: true, oldRequests: 0, newRequests: 1 },
    });
  });

  it('needs a use of the new version: silence is no proof before the end', async () => {
    const { world, keyId, execution } = await dualKeyWorld({}, EARLY);
    for (let look = 1; look <= 5; look += 1) {
      world.clock.advanceSeconds(12 * HOUR_S);
      expect((await execution.run('judge')).next).toBe('wait');
    }
    expect(world.statuses(keyId)).toBe('1:deprecating 2:active');
  });

  it('is not for a share over the threshold while the old version is used at all', async () => {
    const { world, old, fresh, execution, authorizer } = await dualKeyWorld({}, EARLY);
    await authorizer.authorize(old);
    for (let use = 0; use < 99; use += 1) await authorizer.authorize(fresh);
    world.clock.advanceSeconds(12 * HOUR_S);

    expect((await execution.run('judge')).next).toBe('wait');
  });

  it('leaves the window under judgement whole: looks in between do not shorten it', async () => {
    const { world, keyId, old, fresh, execution, authorizer } = await dualKeyWorld({}, EARLY);
    await authorizer.authorize(old);
    await authorizer.authorize(old);
    let waiting = { waitUntil: '2026-11-24T02:00:00Z' } as Awaited<ReturnType<Execution['run']>>;
    for (let look = 1; look <= 5; look += 1) {
      world.clock.advanceSeconds(12 * HOUR_S);
      await authorizer.authorize(old);
      await authorizer.authorize(fresh);
      waiting = await execution.run('judge');
    }
    world.clock.nowMs = Date.parse(waiting.waitUntil as string);
    await execution.run('judge');

    expect(world.record(keyId).rotation?.verdict).toMatchObject({
      evidence: 'stragglers',
      oldRequests: 7,
      newRequests: 5,
    });
  });

  it('does not take a disabled key for one whose clients have moved', async () => {
    const { world, keyId, fresh, execution, authorizer } = await dualKeyWorld({}, EARLY);
    await authorizer.authorize(fresh);
    const record = world.record(keyId);
    world.table.keys.set(keyId, { ...record, status: 'disabled' });
    world.clock.advanceSeconds(12 * HOUR_S);

    expect((await execution.run('judge')).next).toBe('wait');
    expect(world.statuses(keyId)).toBe('1:deprecating 2:active');
  });

  it('looks no more often than uses take to be on record', async () => {
    const { execution, world } = await dualKeyWorld(
      {},
      {
        evidenceLagSeconds: 16,
        ...policies({ earlyRetirement: 'PT1S', gracePeriod: 'PT1M', reminders: [] }),
      },
    );
    world.clock.advanceSeconds(14);
    expect(await execution.run('judge')).toMatchObject(waits('2026-11-23T14:00:16Z'));
  });
});

describe('a policy that forbids rollback', () => {
  const by = { actor: OPERATOR, reason: 'the client fails' };
  const FORBIDDEN = policies({ rollback: false });

  it('keeps the new version once it is accepted', async () => {
    const { world, keyId } = await dualKeyWorld({}, FORBIDDEN);

    expect(await rollbackRotation(world.deps, keyId, by)).toEqual({ outcome: 'forbidden-by-policy' });
    expect(world.statuses(keyId)).toBe('1:deprecating 2:active');
  });

  it('lets a rotation be cancelled before', async () => {
    const { world, keyId } = await worldWithKey({}, FORBIDDEN);
    await new Execution(world, keyId).runAll('begin', 'generate');

    expect((await rollbackRotation(world.deps, keyId, by)).outcome).toBe('rolled-back');
    expect(world.statuses(keyId)).toBe('1:active 2:retired');
  });

  it('holds for what a failed rotation has left, too', async () => {
    const { world, keyId, execution } = await dualKeyWorld({}, FORBIDDEN);
    await execution.abandon();

    expect((await rollbackRotation(world.deps, keyId, by)).outcome).toBe('forbidden-by-policy');
  });

  it('says nothing of a rotation that started before it was changed', async () => {
    const { world, keyId } = await dualKeyWorld();
    const changed = new Map([['standard', { ...world.deps.policies.get('standard'), rollback: false }]]);

    const outcome = await rollbackRotation({ ...world.deps, policies: changed as never }, keyId, by);

    expect(outcome.outcome).toBe('rolled-back');
  });
});
