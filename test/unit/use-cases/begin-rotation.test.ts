import { describe, expect, it } from 'vitest';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { Execution } from '../../support/machine.ts';
import { arnOf } from '../../support/memory-executions.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';
import { HOUR_S, rotationOf, worldWithKey } from '../../support/rotation-world.ts';

describe('begin', () => {
  it('answers a second start with the running rotation and changes nothing', async () => {
    const { world, keyId } = await worldWithKey();
    await new Execution(world, keyId, 'r-1').runAll('begin', 'generate');
    const before = world.record(keyId);

    expect(await new Execution(world, keyId, 'r-2').run('begin')).toEqual({
      keyId,
      rotationId: 'r-2',
      next: 'answer-running',
      runningRotationId: 'r-1',
      runningExecutionArn: arnOf('r-1'),
      message: 'Rotation r-1 of this key is running (verifying); this one changed nothing.',
    });
    expect(world.record(keyId)).toBe(before);
  });

  it('reads the key once, and once whether it has ended before', async () => {
    const { world, keyId } = await worldWithKey();
    let operations = 0;
    world.table.turn = async () => {
      operations += 1;
    };

    await new Execution(world, keyId).run('begin');

    // With the write.
    expect(operations).toBe(3);
  });

  it('says of its own end even while another rotation runs', async () => {
    const { world, keyId } = await worldWithKey();
    const first = new Execution(world, keyId, 'r-1');
    await first.toEnd();
    const second = new Execution(world, keyId, 'r-2');
    await second.run('begin');
    await second.abandon('no answer');
    await new Execution(world, keyId, 'r-3').run('begin');

    expect(await first.run('begin')).toEqual({ keyId, rotationId: 'r-1', next: 'done' });
    expect(await second.run('begin')).toMatchObject({
      next: 'refuse',
      message: 'Rotation r-2 has failed: no answer',
    });
  });

  it('lets exactly one of many starts at once win', async () => {
    const { world, keyId } = await worldWithKey();
    const executions = ['r-1', 'r-2', 'r-3', 'r-4'].map((id) => new Execution(world, keyId, id));

    const answers = await Promise.all(executions.map((execution) => execution.run('begin')));

    const winners = answers.filter(({ next }) => next === 'generate');
    expect(winners).toHaveLength(1);
    const losers = answers.filter(({ next }) => next === 'answer-running');
    expect(losers.map(({ runningRotationId }) => runningRotationId)).toEqual(
      Array.from({ length: 3 }, () => winners[0]?.rotationId),
    );
    expect(world.actions(keyId)).toEqual(['key.issued', 'rotation.started']);
  });

  it.each(['disabled', 'revoked'] as const)('refuses a %s key and says so', async (status) => {
    const { world, keyId } = await worldWithKey();
    await changeKeyStatus(world.deps, keyId, status, { actor: OPERATOR, reason: 'a test' });

    expect(await new Execution(world, keyId).run('begin')).toMatchObject({
      next: 'refuse',
      message: `Key ${keyId} is ${status}.`,
    });
    expect(rotationOf(world, keyId)).toBeUndefined();
  });

  it('refuses a key that is not there', async () => {
    const world = new MemoryWorld();

    expect(await new Execution(world, 'NoSuchKey000').run('begin')).toMatchObject({
      next: 'refuse',
      message: 'There is no key NoSuchKey000.',
    });
  });

  it('refuses a key whose policy is not deployed any more', async () => {
    const { world, keyId } = await worldWithKey();
    Object.assign(world.deps, { policies: new Map() });

    expect(await new Execution(world, keyId).run('begin')).toMatchObject({
      next: 'refuse',
      message: `Key ${keyId} has policy 'standard', which is not deployed.`,
    });
  });

  it('refuses an order that is wrong, with the mend', async () => {
    const { world, keyId } = await worldWithKey();

    expect(await new Execution(world, keyId, 'r-1', { purpose: 'now' }).run('begin')).toMatchObject({
      next: 'refuse',
      message: 'purpose \'"now"\' is not known. Choose one of scheduled, manual, emergency.',
    });
  });

  it('says of a rotation that has failed that it has', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.run('begin');
    await execution.abandon('no answer');

    expect(await execution.run('begin')).toMatchObject({
      next: 'refuse',
      message: 'Rotation r-1 has failed: no answer',
    });
  });

  it('puts on record who ordered it, why, and what', async () => {
    const { world, keyId } = await worldWithKey();

    await new Execution(world, keyId, 'r-1', {
      reason: 'left the team',
      initiatedBy: 'ops@example.com',
      gracePeriod: 'PT24H',
    }).run('begin');

    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'rotation.started',
      actor: { principal: 'ops@example.com', via: 'execution/r-1' },
      reason: 'left the team',
      rotationId: 'r-1',
      detail: { purpose: 'manual', fromVersion: 1, immediate: false, graceSeconds: 24 * HOUR_S },
    });
  });
});

describe('a rotation whose execution is dead', () => {
  it('is closed, and the next one takes over: a key is never blocked for ever', async () => {
    const { world, keyId } = await worldWithKey();
    await new Execution(world, keyId, 'r-1').runAll('begin', 'generate');
    world.executions.kill('r-1');

    const next = new Execution(world, keyId, 'r-2');
    expect((await next.run('begin')).next).toBe('generate');
    await next.runAll('generate', 'verify', 'activate');

    expect(world.statuses(keyId)).toBe('1:deprecating 2:retired 3:active');
    expect(rotationOf(world, keyId, 'r-1')).toMatchObject({ status: 'failed' });
    expect(world.actions(keyId)).toEqual([
      'key.issued',
      'rotation.started',
      'version.generated',
      'rotation.taken-over',
      'rotation.started',
      'version.generated',
      'version.activated',
    ]);
  });

  it('leaves no sealed key behind of the version that it had made', async () => {
    const { world, keyId } = await worldWithKey();
    await new Execution(world, keyId, 'r-1').runAll('begin', 'generate');
    world.executions.kill('r-1');

    await new Execution(world, keyId, 'r-2').run('begin');

    expect([...world.table.seals.keys()]).toEqual([]);
  });

  it('is taken over once by two that start at once', async () => {
    const { world, keyId } = await worldWithKey();
    await new Execution(world, keyId, 'r-1').run('begin');
    world.executions.kill('r-1');

    const answers = await Promise.all(
      ['r-2', 'r-3'].map((rotationId) => new Execution(world, keyId, rotationId).run('begin')),
    );

    expect(answers.map(({ next }) => next).sort()).toEqual(['answer-running', 'generate']);
    expect(world.actions(keyId).filter((action) => action === 'rotation.taken-over')).toHaveLength(1);
  });

  it('is not taken for dead while it is too new to be found', async () => {
    const { world, keyId } = await worldWithKey();
    await new Execution(world, keyId, 'r-1').run('begin');
    world.executions.forget('r-1');
    world.clock.advanceSeconds(HOUR_S);

    expect((await new Execution(world, keyId, 'r-2').run('begin')).next).toBe('answer-running');
    world.clock.advanceSeconds(1);
    expect((await new Execution(world, keyId, 'r-3').run('begin')).next).toBe('generate');
  });

  it('wakes up too late: its steps change nothing any more', async () => {
    const { world, keyId } = await worldWithKey();
    const dead = new Execution(world, keyId, 'r-1');
    await dead.runAll('begin', 'generate');
    world.executions.kill('r-1');
    await new Execution(world, keyId, 'r-2').toDualKey();
    const before = world.record(keyId);

    for (const step of ['generate', 'verify', 'activate', 'judge', 'retire'] as const) {
      expect((await dead.run(step)).next).toBe('done');
    }
    await dead.abandon();

    expect(world.record(keyId)).toBe(before);
  });
});
