/** Emergencies of many keys that are gone on with, started again or given an input by hand. */
import { describe, expect, it } from 'vitest';
import { advanceEmergency } from '../../../lambdas/core/use-cases/advance-emergency.ts';
import { planEmergency } from '../../../lambdas/core/use-cases/plan-emergency.ts';
import { WITH_GRACE } from '../../support/bulk-world.ts';
import { NOTHING, setStatus, totalsOf, worldWith } from '../../support/emergency-of-many.ts';
import { HOUR_S } from '../../support/rotation-world.ts';

describe('a resumption', () => {
  it('orders anew what the attempt before it put on record and never started', async () => {
    const { world, ids } = await worldWith(1);
    const { runId } = await world.startRun();
    world.throttled.add(ids[0]);
    await advanceEmergency(world.bulk, { runId, attempt: 1, keyIds: ids, round: 0 });
    world.throttled.clear();
    world.executions.kill('run-1-1');
    await world.resumed();

    expect([...world.started.keys()]).toEqual([`run-run-1-${ids[0]}-2`]);
    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 1, refused: 1 });
  });

  it('settles what was ordered before it and is disabled now', async () => {
    const { world, ids } = await worldWith(1);
    const { runId } = await world.startRun();
    await advanceEmergency(world.bulk, { runId, attempt: 1, keyIds: ids, round: 0 });
    await setStatus(world, ids[0], 'disabled');
    world.executions.kill('run-1-1');
    await world.resumed();

    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 1, skipped: 1 });
  });

  it('takes an execution that is not seen for new within an hour, and for gone after it', async () => {
    const { world } = await worldWith(1);
    await world.startRun();
    world.executions.forget('run-1-1');
    world.clock.advanceSeconds(HOUR_S);
    expect((await world.resumeRun()).orders).toHaveLength(1);
    world.clock.advanceSeconds(1);
    expect((await world.resumeRun()).orders).toHaveLength(2);
  });

  it('replaces a key that was disabled and is enabled again', async () => {
    const { world, ids } = await worldWith(2);
    await setStatus(world, ids[0], 'disabled');
    await world.emergency();
    await setStatus(world, ids[0], 'enabled');
    await world.resumed();

    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 2, refused: 2 });
  });

  it('leaves a key alone that was disabled between its plan and its rotation', async () => {
    const { world, ids } = await worldWith(1);
    const { runId } = await world.startRun();
    await setStatus(world, ids[0], 'disabled');
    await world.playBatch({ runId, attempt: 1, keyIds: ids, round: 0 });

    expect(world.keyOf(ids[0])).toMatchObject({ outcome: 'skipped' });
    expect(world.started.size).toBe(0);
  });

  it('of a run that goes on starts nothing, and of one that ended by itself goes on as the next attempt', async () => {
    const { world } = await worldWith(1);
    await world.startRun();
    expect((await world.resumeRun()).orders).toHaveLength(1);
    expect(world.runExecutions).toEqual(['run-1-1']);

    world.executions.kill('run-1-1');
    expect((await world.resumeRun()).orders).toHaveLength(2);
    expect(world.runExecutions).toEqual(['run-1-1', 'run-1-2']);
  });

  it('ordered twice at once is one attempt', async () => {
    const { world } = await worldWith(1);
    await world.emergency();
    await Promise.all([world.resumeRun(), world.resumeRun()]);

    expect(world.run().orders).toHaveLength(2);
    expect(world.runExecutions).toEqual(['run-1-1', 'run-1-2']);
  });

  it('is not overwritten by the report of the attempt before it', async () => {
    const { world } = await worldWith(1);
    const first = await world.emergency();
    const resumed = await world.resumeRun();
    await world.play(first);

    expect(world.run().end).toBeUndefined();
    await world.play(resumed);
    expect(world.run().end).toBeDefined();
  });
});

describe('a start that is repeated', () => {
  it('under its id is the same run; with another order it is refused', async () => {
    const { world } = await worldWith(1);
    const run = await world.startRun();
    world.clock.advanceSeconds(5);
    expect(await world.startRun()).toEqual(run);
    expect(world.runExecutions).toEqual(['run-1-1']);

    await expect(world.startRun(WITH_GRACE)).rejects.toThrow('another-order');
  });
});

describe('an input by hand', () => {
  it.each([0, 2, 999, '1', null, 1.5])(
    'that names attempt %j, which nobody ordered, changes nothing that a resumption would need',
    async (attempt) => {
      const { world, ids } = await worldWith(1);
      const { runId } = await world.startRun();
      const step = { runId, attempt: attempt as number };

      await expect(planEmergency(world.bulk, { ...step, place: null }, world.limits)).rejects.toThrow(
        /attempt/,
      );
      await expect(advanceEmergency(world.bulk, { ...step, keyIds: ids, round: 0 })).rejects.toThrow(
        /attempt/,
      );
      expect([...world.started]).toEqual([]);
      expect((await world.play(world.run())).next).toBe('done');
    },
  );
});
