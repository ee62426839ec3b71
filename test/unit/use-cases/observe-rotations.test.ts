import { beforeEach, describe, expect, it } from 'vitest';
import type { RotationMinute } from '../../../lambdas/core/ports/rotation-events.ts';
import type { KeyRotation } from '../../../lambdas/core/ports/rotations.ts';
import {
  lastCompleteMinuteMs,
  type ObserveDeps,
  observeRotations,
} from '../../../lambdas/core/use-cases/observe-rotations.ts';
import { MINUTE_MS } from '../../../rules/time-units.ts';
import { forged } from '../../support/forged-keys.ts';
import { Execution } from '../../support/machine.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { MemoryRotations } from '../../support/memory-rotations.ts';
import { MemoryWorld } from '../../support/memory-world.ts';
import { sampleRotation } from '../../support/sample-records.ts';

const NEVER = Number.POSITIVE_INFINITY;

let world: MemoryWorld;
let told: RotationMinute[];
let failures: string[];
let stuck: string[];
let deps: ObserveDeps;

beforeEach(() => {
  world = new MemoryWorld();
  told = [];
  failures = [];
  stuck = [];
  deps = {
    rotations: new MemoryRotations(world.table),
    minutes: world.uses,
    events: {
      publish: async (minutes) => {
        told.push(...minutes);
        return 0;
      },
    },
    watch: {
      stuckRotations: async (found) => {
        stuck.push(...found.map(({ keyId, rotationId }) => `${keyId}/${rotationId}`));
      },
    },
    clock: world.clock.read,
    random: () => 0,
    onFailure: (keyId, error) => failures.push(`${keyId}: ${(error as Error).message}`),
  };
});

/** A key with two accepted versions. */
async function rotating(rotationId = 'r-1') {
  const { keyId, key: old } = await world.issue();
  const execution = new Execution(world, keyId, rotationId);
  await execution.toDualKey();
  return { keyId, old, fresh: await world.sealedKey(keyId, 2), execution };
}

async function use(...presented: readonly string[]) {
  const authorizer = world.authorizer();
  for (const each of presented) await authorizer.authorize(each);
  await authorizer.meter.flushAll();
}

describe('each rotation whose key was used in the minute', () => {
  it('is told with its counts, shares and last uses, and all are added up', async () => {
    const one = await rotating('r-1');
    const two = await rotating('r-2');
    await use(one.old, one.old, one.old, one.fresh, forged(one.keyId), two.fresh);
    world.clock.advanceSeconds(61);
    await use(one.fresh);

    const report = await observeRotations(deps, START_MS, NEVER);

    expect(told).toEqual([
      {
        keyId: one.keyId,
        rotationId: 'r-1',
        minute: '2026-11-23T14:00:00.000Z',
        oldVersion: 1,
        newVersion: 2,
        oldRequests: 3,
        newRequests: 1,
        refusedRequests: 1,
        newShare: 0.25,
        refusedShare: 0.2,
        oldLastUsedAt: '2026-11-23T14:00:00.000Z',
        newLastUsedAt: '2026-11-23T14:01:01.000Z',
      },
      expect.objectContaining({ keyId: two.keyId, oldRequests: 0, newShare: 1, oldLastUsedAt: null }),
    ]);
    expect(report).toEqual({
      running: 2,
      stuck: 0,
      active: 2,
      oldRequests: 3,
      newRequests: 2,
      refusedRequests: 1,
      newShare: 0.4,
      refusedShare: 1 / 6,
      failed: 0,
      left: 0,
    });
  });

  it('holds ids, numbers and times alone', async () => {
    const { old } = await rotating();
    await use(old);
    await observeRotations(deps, START_MS, NEVER);

    expect(JSON.stringify(told)).not.toMatch(/@|team|client|127\.|203\./);
    expect(JSON.stringify(told)).not.toContain(old.slice(-49));
  });

  it('is told of its last minute after it has ended', async () => {
    const { old, execution } = await rotating();
    world.clock.nowMs = START_MS + MINUTE_MS + 30_000;
    await use(old);
    await execution.abandon('no answer');
    world.clock.advanceSeconds(60);

    expect(await observeRotations(deps, START_MS + MINUTE_MS, NEVER)).toMatchObject({
      running: 0,
      active: 1,
      oldRequests: 1,
    });
    expect(await observeRotations(deps, START_MS + 2 * MINUTE_MS, NEVER)).toMatchObject({ active: 0 });
  });

  it('is told once when it carries on from one that has failed in the same minute', async () => {
    const { keyId, old, execution } = await rotating();
    await use(old);
    await execution.abandon('no answer');
    await new Execution(world, keyId, 'r-2').run('begin');

    expect(await observeRotations(deps, START_MS, NEVER)).toMatchObject({ active: 1, oldRequests: 1 });
    expect(told.map(({ rotationId }) => rotationId)).toEqual(['r-2']);
  });

  it('is told and counted once when it ends while it is looked for', async () => {
    const { old, execution } = await rotating();
    await use(old);
    const rotations = new MemoryRotations(world.table);
    const endsMeanwhile = {
      running: async () => {
        const running = await rotations.running();
        await execution.abandon('no answer');
        return running;
      },
      endedSince: (sinceMs: number) => rotations.endedSince(sinceMs),
    };

    const report = await observeRotations({ ...deps, rotations: endsMeanwhile }, START_MS, NEVER);
    expect(report).toMatchObject({ active: 1, oldRequests: 1 });
    expect(told).toHaveLength(1);
  });

  it('is told when it ends just before running ones are looked for', async () => {
    const { old, execution } = await rotating();
    await use(old);
    const rotations = new MemoryRotations(world.table);
    const endsBefore = {
      running: async () => {
        await execution.abandon('no answer');
        return rotations.running();
      },
      endedSince: (sinceMs: number) => rotations.endedSince(sinceMs),
    };

    expect(await observeRotations({ ...deps, rotations: endsBefore }, START_MS, NEVER)).toMatchObject({
      active: 1,
    });
  });

  it('is told of the same minute again when asked again', async () => {
    const { old } = await rotating();
    await use(old);
    await observeRotations(deps, START_MS, NEVER);
    await observeRotations(deps, START_MS, NEVER);

    expect(told).toHaveLength(2);
    expect(told[0]).toEqual(told[1]);
  });
});

it('one whose key was not used in the minute is counted and not told', async () => {
  await rotating();

  expect(await observeRotations(deps, START_MS, NEVER)).toMatchObject({
    running: 1,
    active: 0,
    newShare: null,
    refusedShare: null,
  });
  expect(told).toEqual([]);
});

it('those that stand still are counted, and no other', async () => {
  await rotating();
  const { keyId } = await world.issue();
  await new Execution(world, keyId).runAll('begin', 'generate');
  world.clock.advanceSeconds(15 * 60 + 1);

  expect(await observeRotations(deps, START_MS, NEVER)).toMatchObject({ running: 2, stuck: 1, failed: 0 });
  expect(stuck).toHaveLength(1);
});

describe('what goes wrong', () => {
  it('with one key keeps no other from being told', async () => {
    const one = await rotating('r-1');
    const two = await rotating('r-2');
    await use(one.old, two.old);
    const minute: ObserveDeps['minutes']['minute'] = (keyId, minuteMs) =>
      keyId === one.keyId ? Promise.reject(new Error('throttled')) : world.uses.minute(keyId, minuteMs);

    const report = await observeRotations({ ...deps, minutes: { minute } }, START_MS, NEVER);

    expect(report).toMatchObject({ active: 1, failed: 1 });
    expect(told.map(({ rotationId }) => rotationId)).toEqual(['r-2']);
    expect(failures).toEqual([`${one.keyId}: throttled`]);
  });

  it('with the bus is said, and the totals stand', async () => {
    const { old } = await rotating();
    await use(old);
    const report = await observeRotations({ ...deps, events: { publish: async () => 1 } }, START_MS, NEVER);

    expect(report).toMatchObject({ active: 1, oldRequests: 1, failed: 1 });
  });
});

describe('ten thousand rotations', () => {
  const many: readonly KeyRotation[] = Array.from({ length: 10_000 }, (_, index) => ({
    keyId: `Key${index}`,
    owner: 'a@example.com',
    rotation: sampleRotation({ status: 'dual-key', toVersion: 2, gracePeriodEndsAtMs: NEVER }),
  }));
  const used = { requests: new Map([[1, 1]]), lastUsesMs: new Map([[1, START_MS]]) };
  let atOnce = 0;
  let mostAtOnce = 0;

  /** Each read takes a millisecond of the clock, which all that are under way share. */
  const manyDeps = (random: number): ObserveDeps => ({
    ...deps,
    random: () => random,
    rotations: { running: async () => many, endedSince: async () => [] },
    minutes: {
      async minute() {
        atOnce += 1;
        mostAtOnce = Math.max(mostAtOnce, atOnce);
        await Promise.resolve();
        atOnce -= 1;
        world.clock.nowMs += 1;
        return used;
      },
    },
  });

  it('are read in bounded numbers at once', async () => {
    expect(await observeRotations(manyDeps(0), START_MS, NEVER)).toMatchObject({ active: 10_000, left: 0 });
    expect(mostAtOnce).toBe(100);
  });

  it('are left where the time ends, which is said, and not always the same ones', async () => {
    const endsAtMs = START_MS + 3_000;
    expect(await observeRotations(manyDeps(0.95), START_MS, endsAtMs)).toMatchObject({
      running: 10_000,
      active: 3_000,
      left: 7_000,
    });
    const seen = told.map(({ keyId }) => keyId);
    expect([seen[0], seen.at(-1)]).toEqual(['Key9500', 'Key2499']);
  });
});

describe('the last complete minute', () => {
  it.each([
    ['14:02:15.000', '14:01'],
    ['14:02:14.999', '14:00'],
    ['14:02:59.999', '14:01'],
    ['14:03:15.000', '14:02'],
  ])('at %s, with counts 15 s late, is %s', (now, minute) => {
    const at = Date.parse(`2026-11-23T${now}Z`);
    expect(new Date(lastCompleteMinuteMs(at, 15_000)).toISOString().slice(11, 16)).toBe(minute);
  });

  it('is another one each minute, whenever in the minute it is asked for', () => {
    for (const second of [0, 7, 14, 15, 31, 59]) {
      const at = START_MS + second * 1_000;
      expect(lastCompleteMinuteMs(at + MINUTE_MS, 15_000) - lastCompleteMinuteMs(at, 15_000)).toBe(MINUTE_MS);
    }
  });
});
