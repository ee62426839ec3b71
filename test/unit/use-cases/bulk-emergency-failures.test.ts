/** Emergencies of many keys: crashes, steps that are late, and keys that fail. */
import { describe, expect, it } from 'vitest';
import { advanceEmergency } from '../../../lambdas/core/use-cases/advance-emergency.ts';
import { type BulkWorld, WITH_GRACE } from '../../support/bulk-world.ts';
import { NOTHING, rollBack, totalsOf, worldWith } from '../../support/emergency-of-many.ts';
import { START_MS } from '../../support/manual-clock.ts';

describe('a crash', () => {
  it.each(
    Array.from({ length: 13 }, (_, writes) => writes).flatMap((writes) => [
      ['before', writes] as const,
      ['after', writes] as const,
    ]),
  )('%s write %i of the run: the step repeated, or the next plan, finishes it', async (when, writes) => {
    const { world, ids } = await worldWith(4);
    const run = await world.startRun();
    world.runs.crashAt(when, writes);
    for (let tries = 0; !world.run().end; tries += 1) {
      await world.play(run).catch((error: Error) => expect(error.name).toBe('Crash'));
      expect(tries).toBeLessThan(3);
    }

    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 4, refused: 4 });
    // Each key is planned, ordered and settled, and the run reported: thirteen writes, or the crash would not have come.
    expect(world.runs.crashed).toBe(true);
    expect(world.started.size).toBe(4);
    for (const keyId of ids) expect(world.statuses(keyId)).toBe('1:retired 2:active');
  });

  it('of the whole run: a resumption goes on where it stopped', async () => {
    const { world, ids } = await worldWith(3);
    const { runId } = await world.startRun();
    // Two rotations are ordered when the run's execution is stopped by hand.
    await advanceEmergency(world.bulk, { runId, attempt: 1, keyIds: ids.slice(0, 2), round: 0 });
    world.executions.kill('run-1-1');
    await world.resumed();

    expect(world.runExecutions).toEqual(['run-1-1', 'run-1-2']);
    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 3, refused: 3 });
    expect(world.started.size).toBe(3);
  });
});

describe('a step that is late', () => {
  it('does not take a rotation for failed that ended while it was looked at', async () => {
    const { world, ids } = await worldWith(1);
    const { runId } = await world.startRun();
    const batch = { runId, attempt: 1, keyIds: ids, round: 0 };
    const ordered = await advanceEmergency(world.bulk, batch);
    world.clock.advanceSeconds(2);
    const findRotation = world.bulk.store.findRotation;
    Object.assign(world.bulk.store, {
      findRotation: async (keyId: string, rotationId: string) => {
        await world.rotate();
        return findRotation(keyId, rotationId);
      },
    });

    expect((await advanceEmergency(world.bulk, ordered)).next).toBe('wait');
    expect(world.keyOf(ids[0]).outcome).toBe('ordered');
    await advanceEmergency(world.bulk, ordered);
    expect(world.keyOf(ids[0]).outcome).toBe('refused');
  });

  it('leaves a key to the attempt that came after its own', async () => {
    const { world, ids } = await worldWith(1);
    const { runId } = await world.startRun();
    world.executions.kill('run-1-1');
    await world.resumeRun();
    await advanceEmergency(world.bulk, { runId, attempt: 2, keyIds: ids, round: 0 });
    const before = world.keyOf(ids[0]);
    world.clock.advanceSeconds(3_600);

    const late = await advanceEmergency(world.bulk, { runId, attempt: 1, keyIds: ids, round: 0 });
    expect(late.next).toBe('done');
    expect(world.keyOf(ids[0])).toEqual(before);
  });

  it('starts nothing for a key that somebody else has settled since it was read', async () => {
    const { world, ids } = await worldWith(1);
    const { runId } = await world.startRun();
    const keyId = ids[0];
    const findKeys = world.runs.findKeys.bind(world.runs);
    world.runs.findKeys = async (...asked) => {
      const found = await findKeys(...asked);
      await world.runs.saveKey(runId, { keyId, outcome: 'skipped', attempt: 1, revision: 1 });
      return found;
    };

    const result = await advanceEmergency(world.bulk, { runId, attempt: 1, keyIds: ids, round: 0 });
    expect(result).toMatchObject({ next: 'wait', keyIds: ids });
    expect(world.started.size).toBe(0);
    expect((await advanceEmergency(world.bulk, result)).next).toBe('done');
  });
});

describe('a key that fails', () => {
  /** Its policy is not in the configuration any more. */
  const breakKey = (world: BulkWorld, keyId: string, policy: string) =>
    world.table.keys.set(keyId, { ...world.record(keyId), policy });

  it('is said with the reason, keeps no other back, and is done by a resumption that touches no other', async () => {
    const { world, ids } = await worldWith(5);
    breakKey(world, ids[0], 'gone');
    const run = await world.emergency();

    expect(run.end?.totals).toEqual({ ...NOTHING, keys: 5, refused: 4, failed: 1 });
    expect(world.keyOf(ids[0])).toMatchObject({
      outcome: 'failed',
      why: expect.stringMatching(/policy 'gone', which is not deployed/),
    });
    const before = ids.slice(1).map((id) => [world.keyOf(id), world.actions(id)]);

    breakKey(world, ids[0], 'standard');
    const resumed = await world.resumed();

    expect(resumed.end?.totals).toEqual({ ...NOTHING, keys: 5, refused: 5 });
    expect(world.keyOf(ids[0])).toMatchObject({ rotationId: `run-run-1-${ids[0]}-2`, attempt: 2 });
    expect(ids.slice(1).map((id) => [world.keyOf(id), world.actions(id)])).toEqual(before);
  });

  it('fails again when nothing was mended, under a rotation of its own', async () => {
    const { world, ids } = await worldWith(1);
    breakKey(world, ids[0], 'gone');
    await world.emergency();
    await world.resumed();

    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 1, failed: 1 });
    expect([...world.started.keys()]).toEqual([1, 2].map((attempt) => `run-run-1-${ids[0]}-${attempt}`));
  });

  it('in its verification is said with what its rotation says', async () => {
    const { world, ids } = await worldWith(1);
    world.verifier.verify = async () => 'The authorizer does not know it.';
    await world.emergency();

    expect(world.keyOf(ids[0])).toMatchObject({
      outcome: 'failed',
      why: 'VerificationFailed: The authorizer does not know it.',
    });
    expect(world.statuses(ids[0])).toBe('1:active 2:retired');
  });

  it('when it is rolled back meanwhile is said', async () => {
    const { world, ids } = await worldWith(1);
    const run = await world.startRun(WITH_GRACE);
    let rounds = 0;
    world.rotate = async () => {
      rounds += 1;
      const own = world.started.get(`run-run-1-${ids[0]}-1`)?.execution;
      if (rounds === 1) await own?.runAll('begin', 'generate');
      if (rounds === 2) await rollBack(world, ids[0]);
    };
    await world.play(run);

    expect(world.keyOf(ids[0])).toMatchObject({
      outcome: 'failed',
      why: expect.stringMatching(/rolled back/),
    });
  });

  it('whose rotation cannot be started is tried again, and done when it can be', async () => {
    const { world, ids } = await worldWith(3);
    world.throttled.add(ids[0]);
    const run = await world.startRun();
    const original = world.rotate.bind(world);
    world.rotate = async () => {
      if (world.failures.length > 3) world.throttled.clear();
      await original();
    };
    await world.play(run);

    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 3, refused: 3 });
    expect(world.failures.length).toBeGreaterThan(3);
  });

  it('whose rotation cannot be started for ten minutes has failed, with the reason', async () => {
    const { world, ids } = await worldWith(2);
    world.throttled.add(ids[0]);
    await world.emergency();

    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 2, refused: 1, failed: 1 });
    expect(world.keyOf(ids[0]).why).toBe('Its rotation could not be started: Throttling: Rate exceeded');
    expect(world.clock.nowMs - START_MS).toBeGreaterThan(600_000);

    world.throttled.clear();
    await world.resumed();
    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 2, refused: 2 });
  });

  it('for its time, and is replaced after all: a resumption finds it done and rotates nothing', async () => {
    const { world, ids } = await worldWith(1);
    world.rotating = false;
    await world.emergency();
    expect(world.keyOf(ids[0])).toMatchObject({
      outcome: 'failed',
      why: expect.stringMatching(/10 minutes/),
    });

    await world.rotate();
    await world.resumed();
    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 1, refused: 1 });
    expect(world.statuses(ids[0])).toBe('1:retired 2:active');
  });

  it('to be read is left, said, and done by a resumption', async () => {
    const { world, ids } = await worldWith(2);
    const find = world.bulk.store.find;
    const broken = async (keyId: string) => {
      if (keyId === ids[0]) throw new Error('The table does not answer.');
      return find(keyId);
    };
    Object.assign(world.bulk.store, { find: broken });
    await world.emergency();
    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 2, refused: 1, left: 1 });

    Object.assign(world.bulk.store, { find });
    await world.resumed();
    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 2, refused: 2 });
  });
});
