/** Emergencies of many keys, with the rotations themselves: what becomes of each key, whatever it is like and whatever rotates it. */
import { describe, expect, it } from 'vitest';
import { AT_ONCE, type BulkWorld, WITH_GRACE } from '../../support/bulk-world.ts';
import { NOTHING, setStatus, totalsOf, worldWith } from '../../support/emergency-of-many.ts';
import { Execution } from '../../support/machine.ts';
import { chainHolds, HOUR_S, rotationOf } from '../../support/rotation-world.ts';

const OTHER = 'other@example.com';

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
