/** Finding the keys of an emergency: how many in a step, how long, and when there is nothing more to find. */
import { describe, expect, it } from 'vitest';
import { type PlanResult, planEmergency } from '../../../lambdas/core/use-cases/plan-emergency.ts';
import { BulkWorld } from '../../support/bulk-world.ts';
import { sampleKey } from '../../support/sample-records.ts';

const STEP = { runId: 'run-1', attempt: 1 };
/** What a state of Step Functions may carry. */
const LARGEST_STATE_BYTES = 262_144;

async function worldWith(count: number, limits: Partial<BulkWorld['limits']> = {}) {
  const world = new BulkWorld();
  world.limits = { batchKeys: 25, roundBatches: 100, longestMs: 20_000, ...limits };
  for (let made = 0; made < count; made += 1) {
    const { record, event } = sampleKey(`Plan${String(made).padStart(8, '0')}`);
    await world.store.insert(record, event);
  }
  world.clock.advanceSeconds(60);
  await world.startRun();
  return world;
}

const plan = (world: BulkWorld, place: PlanResult['place'] | null = null) =>
  planEmergency(world.bulk, { ...STEP, place }, world.limits);

const keysIn = ({ batches = [] }: PlanResult) => batches.flatMap(({ keyIds }) => keyIds);

describe('a round', () => {
  it('is as many batches as there may be at once, and the next goes on behind it', async () => {
    const world = await worldWith(450, { roundBatches: 8 });
    const first = await plan(world);
    expect(first).toMatchObject({ next: 'rotate', place: { pass: 1, taken: 200 } });
    expect(first.batches?.map(({ keyIds }) => keyIds.length)).toEqual(Array(8).fill(25));

    const second = await plan(world, first.place);
    const third = await plan(world, second.place);
    expect(third).toMatchObject({ place: { pass: 1, taken: 450, nextToken: null } });
    const all = [first, second, third].flatMap(keysIn);
    expect(new Set(all).size).toBe(450);
  });

  it('ends when its time is over', async () => {
    const world = await worldWith(450, { longestMs: 500 });
    const list = world.bulk.store.list;
    Object.assign(world.bulk.store, {
      list: (query: Parameters<typeof list>[0]) => {
        world.clock.nowMs += 300;
        return list(query);
      },
    });

    expect(keysIn(await plan(world))).toHaveLength(200);
  });

  it('fits what a state may carry, at as many keys as a round has, also if every batch came back with an error', async () => {
    const world = await worldWith(2_600);
    const round = await plan(world);
    expect(keysIn(round)).toHaveLength(2_500);
    const bytes = JSON.stringify(round).length;
    expect(bytes).toBeLessThan(LARGEST_STATE_BYTES / 4);
    // A child that fails for good brings its input, its names and its cause back, up to a kilobyte beside its keys.
    expect(bytes + 100 * 1_024).toBeLessThan(LARGEST_STATE_BYTES);
  });

  it('puts every key on record as planned before it is rotated', async () => {
    const world = await worldWith(3);
    const ids = keysIn(await plan(world));
    for (const keyId of ids)
      expect(world.keyOf(keyId)).toEqual({ keyId, outcome: 'planned', attempt: 1, revision: 1 });
  });
});

describe('a pass', () => {
  it('that has found nothing yet and is not through goes on after a second', async () => {
    const world = await worldWith(250);
    const ids = [...world.table.keys.keys()];
    for (const keyId of ids)
      await world.runs.saveKey('run-1', { keyId, outcome: 'refused', attempt: 1, revision: 1 });
    world.limits = { ...world.limits, longestMs: 0 };

    const first = await plan(world);
    expect(first).toMatchObject({ next: 'wait', waitSeconds: 1, place: { pass: 1, taken: 0 } });
    const second = await plan(world, first.place);
    expect(await plan(world, second.place)).toMatchObject({ place: { pass: 1, nextToken: null } });
  });

  it('is the last only if it began ten seconds after the run, and found nothing to do', async () => {
    const world = await worldWith(0);
    const first = await plan(world);
    expect(first).toMatchObject({ next: 'wait', waitSeconds: 10 });
    world.clock.advanceSeconds(9);
    const early = await plan(world, first.place);
    expect(early).toMatchObject({ next: 'wait', waitSeconds: 1, place: { pass: 2 } });
    world.clock.advanceSeconds(1);
    expect(await plan(world, early.place)).toMatchObject({ next: 'report', place: { pass: 3 } });
  });

  it('after a pass that found keys follows another', async () => {
    const world = await worldWith(2);
    world.clock.advanceSeconds(60);
    const first = await plan(world);
    for (const keyId of keysIn(first))
      await world.runs.saveKey('run-1', { keyId, outcome: 'refused', attempt: 1, revision: 2 });

    expect(await plan(world, first.place)).toMatchObject({ next: 'report', place: { pass: 2 } });
  });

  it('finds what was ordered and not settled again, ten times at most', async () => {
    const world = await worldWith(2);
    let last = await plan(world);
    let passes = 1;
    for (; last.next === 'rotate'; passes += 1) last = await plan(world, last.place);

    expect(last.next).toBe('report');
    expect(passes).toBe(11);
  });
});

it('of a run that is not on record is a fault', async () => {
  const world = await worldWith(0);
  await expect(
    planEmergency(world.bulk, { ...STEP, runId: 'none', place: null }, world.limits),
  ).rejects.toMatchObject({
    name: 'StepOutOfOrder',
  });
});

it('at a place that is none of a listing is a fault', async () => {
  const world = await worldWith(0);
  const place = { pass: 1, passStartedAtMs: 0, taken: 0, nextToken: 'nonsense' };
  await expect(plan(world, place)).rejects.toMatchObject({ name: 'StepOutOfOrder' });
});
