/** Emergencies of many keys, with the rotations themselves: what becomes of each key, whatever comes between. */
import { describe, expect, it } from 'vitest';
import { advanceEmergency } from '../../../lambdas/core/use-cases/advance-emergency.ts';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { planEmergency } from '../../../lambdas/core/use-cases/plan-emergency.ts';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { AT_ONCE, BulkWorld, WITH_GRACE } from '../../support/bulk-world.ts';
import { Execution } from '../../support/machine.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { chainHolds, HOUR_S, rotationOf } from '../../support/rotation-world.ts';

const OTHER = 'other@example.com';

async function worldWith(count: number, options: ConstructorParameters<typeof BulkWorld>[0] = {}) {
  const world = new BulkWorld(options);
  const keys = [];
  for (let made = 0; made < count; made += 1) keys.push(await world.issue());
  world.clock.advanceSeconds(60);
  return { world, keys, ids: keys.map(({ keyId }) => keyId) as [string, ...string[]] };
}

const totalsOf = (world: BulkWorld) => world.run().end?.totals;
const NOTHING = { refused: 0, 'dual-key': 0, failed: 0, skipped: 0, left: 0 };

describe('an emergency of an owner’s keys', () => {
  it('at once: every old version is refused, every new one accepted, and no other owner’s key is touched', async () => {
    const { world, keys } = await worldWith(8);
    const other = await world.issue({ owner: OTHER });

    const run = await world.emergency();

    expect(run.end?.totals).toEqual({ ...NOTHING, keys: 8, refused: 8 });
    const authorizer = world.authorizer();
    for (const { keyId, key } of keys) {
      expect(await authorizer.authorize(key)).toMatchObject({ reason: 'retired' });
      expect((await authorizer.authorize(await world.sealedKey(keyId, 2))).outcome).toBe('allowed');
      expect(chainHolds(world, keyId)).toBe(true);
    }
    expect((await authorizer.authorize(other.key)).outcome).toBe('allowed');
    expect(world.statuses(other.keyId)).toBe('1:active');
  });

  it('leaves on each key what an emergency of that key alone leaves', async () => {
    const { world, ids } = await worldWith(1);
    const [keyId] = ids;
    await world.emergency({ ...WITH_GRACE, gracePeriod: 'PT10M' });
    const { request } = [...world.started.values()][0] as { request: object };
    const alone = await worldWith(1);
    const execution = new Execution(alone.world, alone.ids[0], 'r-1', request as { purpose: string });
    await execution.toDualKey();

    const withoutIds = (of: BulkWorld, id: string) =>
      of.table.events.get(id)?.map(({ action, reason, detail }) => ({ action, reason, detail }));
    expect(withoutIds(world, keyId)).toEqual(withoutIds(alone.world, alone.ids[0]));
    expect(world.record(keyId).rotation).toMatchObject({
      purpose: 'emergency',
      reason: 'a laptop was stolen',
      initiatedBy: 'arn:aws:iam::111122223333:user/ops',
      graceSeconds: 600,
    });
    expect(world.table.events.get(keyId)?.find(({ action }) => action === 'rotation.started')).toMatchObject({
      actor: { principal: 'arn:aws:iam::111122223333:user/ops' },
      reason: 'a laptop was stolen',
    });
  });

  it('has on record for each key when it was refused, from the start of the run and of its own rotation', async () => {
    const { world, ids } = await worldWith(5);
    const run = await world.emergency();

    for (const keyId of ids) {
      const key = world.keyOf(keyId);
      const rotation = rotationOf(world, keyId, key.rotationId as string);
      expect(key).toMatchObject({
        outcome: 'refused',
        rotationId: `run-run-1-${keyId}-1`,
        refusedAtMs: rotation?.endedAtMs,
        rotationStartedAtMs: rotation?.startedAtMs,
      });
      expect(key.refusedAtMs).toBeGreaterThan(run.startedAtMs);
    }
    const afterMs = ids.map((id) => (world.keyOf(id).refusedAtMs as number) - run.startedAtMs);
    expect(run.end?.times?.slowestMs).toBe(Math.max(...afterMs));
    expect(run.end?.times?.medianMs).toBe(afterMs.sort((one, other) => one - other)[2]);
  });

  it('with a grace period: no extension keeps an old version past the bound on record', async () => {
    const { world, keys } = await worldWith(4);
    const run = await world.emergency(WITH_GRACE);
    expect(run.end?.totals).toEqual({ ...NOTHING, keys: 4, 'dual-key': 4 });

    const authorizer = world.authorizer();
    for (const { keyId, key } of keys) {
      const { refusedAtMs } = world.keyOf(keyId);
      expect(refusedAtMs).toBe(world.record(keyId).versions[0]?.refuseAfterMs);
      world.clock.nowMs = (refusedAtMs as number) - 1;
      expect((await authorizer.authorize(key)).outcome).toBe('allowed');
      world.clock.nowMs = refusedAtMs as number;
      expect(await authorizer.authorize(key)).toMatchObject({ reason: 'expired' });
      // Its clients have not moved at all: an ordinary rotation would be extended.
      await (world.started.get(`run-run-1-${keyId}-1`) as { execution: Execution }).execution.runAll(
        'judge',
        'retire',
      );
      expect(world.statuses(keyId)).toBe('1:retired 2:active');
    }
  });

  it('of all keys takes every owner’s', async () => {
    const { world } = await worldWith(3);
    await world.issue({ owner: OTHER });
    await world.emergency({ ...AT_ONCE, target: { kind: 'all' } });

    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 4, refused: 4 });
  });

  it('of nobody ends with nothing, after the indexes had time to show a key', async () => {
    const { world } = await worldWith(0);
    await world.emergency();

    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 0 });
    expect(world.clock.nowMs - world.run().startedAtMs).toBeGreaterThanOrEqual(10_000);
  });
});

describe('keys that are not like the others', () => {
  it('are skipped and said when they are disabled or revoked', async () => {
    const { world, ids } = await worldWith(3);
    const [first, second, third] = ids as unknown as [string, string, string];
    await setStatus(world, first, 'disabled');
    await setStatus(world, second, 'revoked');
    await world.emergency();

    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 3, refused: 1, skipped: 2 });
    expect(world.keyOf(first)).toMatchObject({ outcome: 'skipped', why: expect.stringMatching(/disabled/) });
    expect(world.keyOf(second)).toMatchObject({ outcome: 'skipped', why: expect.stringMatching(/revoked/) });
    expect([...world.started.keys()]).toEqual([`run-run-1-${third}-1`]);
  });

  it('are left alone when they were issued after the run began', async () => {
    const { world } = await worldWith(2);
    const run = await world.startRun();
    world.clock.advanceSeconds(1);
    const late = await world.issue();
    await world.play(run);

    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 2, refused: 2 });
    expect(world.statuses(late.keyId)).toBe('1:active');
    expect(world.runs.records.get('run-1')?.has(late.keyId)).toBe(false);
  });

  it('are found though an index shows them only after the first pass', async () => {
    const { world, ids } = await worldWith(4);
    world.hidden.add(ids[0]);
    const run = await world.startRun();
    const original = world.rotate.bind(world);
    world.rotate = async () => {
      world.hidden.clear();
      await original();
    };
    await world.play(run);

    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 4, refused: 4 });
  });

  it('are found by a resumption when an index shows them only after the run', async () => {
    const { world, ids } = await worldWith(2);
    world.hidden.add(ids[0]);
    await world.emergency();
    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 1, refused: 1 });

    world.hidden.clear();
    await world.resumed();
    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 2, refused: 2 });
  });
});

describe('a key that something else is rotating', () => {
  it.each([
    ['has begun', ['begin']],
    ['has a pending version', ['begin', 'generate']],
    ['has two accepted versions', ['begin', 'generate', 'verify', 'activate']],
  ] as const)('is taken over when its rotation %s', async (_what, steps) => {
    const { world, keys, ids } = await worldWith(2);
    await new Execution(world, ids[0], 'r-0').runAll(...steps);
    await world.emergency();

    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 2, refused: 2 });
    expect(rotationOf(world, ids[0], 'r-0')).toMatchObject({ status: 'failed' });
    expect(await world.authorizer().authorize(keys[0]?.key)).toMatchObject({ reason: 'retired' });
  });

  it('by an emergency that began during the run is left to it', async () => {
    const { world, ids } = await worldWith(1);
    const run = await world.startRun(WITH_GRACE);
    world.clock.advanceSeconds(1);
    await new Execution(world, ids[0], 'r-0', { purpose: 'emergency', reason: 'leaked' }).toDualKey();
    await world.play(run);

    expect(world.keyOf(ids[0])).toMatchObject({ outcome: 'dual-key', rotationId: 'r-0' });
    expect(world.started.size).toBe(0);
  });

  it('by an emergency that was there before is left to it while nobody had its new key', async () => {
    const { world, ids } = await worldWith(1);
    await new Execution(world, ids[0], 'r-0', { purpose: 'emergency', reason: 'leaked' }).toDualKey();
    world.clock.advanceSeconds(1);
    await world.emergency(WITH_GRACE);

    expect(world.keyOf(ids[0])).toMatchObject({
      outcome: 'dual-key',
      rotationId: 'r-0',
      refusedAtMs: world.record(ids[0]).versions[0]?.refuseAfterMs,
    });
    expect(world.statuses(ids[0])).toBe('1:deprecating 2:active');
  });

  it('by one that is still on its way is waited for', async () => {
    const { world, ids } = await worldWith(1);
    const other = new Execution(world, ids[0], 'r-0', { purpose: 'emergency', reason: 'leaked' });
    await other.runAll('begin', 'generate');
    world.clock.advanceSeconds(1);
    const run = await world.startRun(WITH_GRACE);
    const batch = { runId: run.runId, attempt: 1, keyIds: ids, round: 0 };
    const original = world.rotate.bind(world);
    let rounds = 0;
    world.rotate = async () => {
      rounds += 1;
      await original();
      if (rounds === 3) await other.runAll('verify', 'activate');
    };
    await world.playBatch(batch);

    expect(rounds).toBe(3);
    expect(world.keyOf(ids[0])).toMatchObject({ outcome: 'dual-key', rotationId: 'r-0' });
  });

  it('by an emergency whose new key was handed out before is said, and replaced at once by an immediate run', async () => {
    const { world, ids } = await worldWith(1);
    await new Execution(world, ids[0], 'r-0', { purpose: 'emergency', reason: 'leaked' }).toDualKey();
    await world.uses.noteFirstUse(ids[0], 2, world.clock.nowMs);
    world.clock.advanceSeconds(1);
    await world.emergency(WITH_GRACE);
    expect(world.keyOf(ids[0])).toMatchObject({
      outcome: 'failed',
      why: expect.stringMatching(/Emergency r-0 had the key before, and version 2 .* --immediate/),
    });

    world.clock.advanceSeconds(1);
    const atOnce = await world.emergency(AT_ONCE, 'run-2');
    expect(atOnce.end?.totals).toEqual({ ...NOTHING, keys: 1, refused: 1 });
    expect(world.statuses(ids[0])).toBe('1:retired 2:retired 3:active');
  });

  it('by an immediate emergency that overtakes the run’s own is left to it', async () => {
    const { world, ids } = await worldWith(1);
    const run = await world.startRun(WITH_GRACE);
    world.clock.advanceSeconds(1);
    const batch = { runId: run.runId, attempt: 1, keyIds: ids, round: 0 };
    const other = new Execution(world, ids[0], 'r-9', {
      purpose: 'emergency',
      reason: 'leaked',
      immediateInvalidation: true,
    });
    let rounds = 0;
    world.rotate = async () => {
      rounds += 1;
      const own = world.started.get(`run-run-1-${ids[0]}-1`)?.execution;
      if (rounds === 1) await own?.run('begin');
      if (rounds === 2) await other.run('begin');
      if (rounds === 4) await other.runAll('generate', 'verify', 'activate');
    };
    await world.playBatch(batch);

    expect(rounds).toBe(4);
    expect(world.keyOf(ids[0])).toMatchObject({ outcome: 'refused' });
    expect(world.statuses(ids[0])).toBe('1:retired 2:active');
  });
});

describe('two runs of the same keys at once', () => {
  it.each([
    ['at once', AT_ONCE],
    ['with grace', WITH_GRACE],
  ])('%s: both end, every key is replaced, and no key had two rotations running', async (_what, order) => {
    const { world, keys } = await worldWith(4);
    const [one, other] = [await world.startRun(order, 'run-1'), await world.startRun(order, 'run-2')];
    const reports = await Promise.all([world.play(one), world.play(other)]);

    expect(reports.map(({ next }) => next)).toEqual(['done', 'done']);
    for (const { keyId, key } of keys) {
      world.clock.advanceSeconds(HOUR_S);
      expect((await world.authorizer().authorize(key)).outcome).toBe('unauthenticated');
      expect(chainHolds(world, keyId)).toBe(true);
      const running = world.actions(keyId).filter((action) => action === 'version.activated');
      expect(running.length).toBeLessThanOrEqual(2);
    }
  });

  it('one run played twice at once starts each rotation once', async () => {
    const { world, ids } = await worldWith(7);
    const run = await world.startRun();
    await Promise.all([world.play(run), world.play(run)]);

    expect(totalsOf(world)).toEqual({ ...NOTHING, keys: 7, refused: 7 });
    expect([...world.started.keys()].sort()).toEqual(ids.map((id) => `run-run-1-${id}-1`).sort());
    for (const keyId of ids) expect(world.statuses(keyId)).toBe('1:retired 2:active');
  });
});

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

async function setStatus(world: BulkWorld, keyId: string, to: 'enabled' | 'disabled' | 'revoked') {
  await changeKeyStatus(world.deps, keyId, to, { actor: { principal: 'ops', via: 'cli' }, reason: 'a test' });
}

async function rollBack(world: BulkWorld, keyId: string) {
  await rollbackRotation(world.deps, keyId, { actor: { principal: 'ops', via: 'cli' }, reason: 'a test' });
}

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
