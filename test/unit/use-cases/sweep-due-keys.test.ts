/** The sweep: who is started, who is passed over and why, and how fast. */
import { describe, expect, it } from 'vitest';
import {
  previewSweep,
  type SweepDeps,
  type SweepPace,
  sweepDueKeys,
} from '../../../lambdas/core/use-cases/sweep-due-keys.ts';
import { resolveSweep } from '../../../lib/sweep-config.ts';
import { LONGEST_SWEEP_SECONDS, SWEEP_RESERVED_MS, SWEEP_SPREAD_MS } from '../../../rules/sweep-timing.ts';
import { HOUR_MS } from '../../../rules/time-units.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { MemoryDueKeys } from '../../support/memory-due-keys.ts';
import { MemoryKeyStore } from '../../support/memory-key-store.ts';
import { MemoryTable } from '../../support/memory-table.ts';
import { sampleKey, sampleRotation } from '../../support/sample-records.ts';

const KEY_ID = 'SweepKey0000';

function bench() {
  const table = new MemoryTable();
  const store = new MemoryKeyStore(table);
  const started: { readonly name: string; readonly request: unknown; readonly atMs: number }[] = [];
  const sleeps: number[] = [];
  const failures: string[] = [];
  const bad = new Set<string>();
  let nowMs = START_MS;
  const deps: SweepDeps = {
    store,
    due: new MemoryDueKeys(table),
    machine: {
      start: async (name, request) => {
        if (bad.has((request as { keyId: string }).keyId)) throw new Error('throttled');
        // As the service: one execution of a name.
        if (!started.some((other) => other.name === name)) started.push({ name, request, atMs: nowMs });
        return name;
      },
    },
    clock: () => nowMs,
    sleep: async (milliseconds) => {
      sleeps.push(milliseconds);
      nowMs += milliseconds;
    },
    random: () => 0.5,
    onFailure: (keyId) => failures.push(keyId),
  };
  const add = async (keyId: string, changes: Parameters<typeof sampleKey>[1] = {}) => {
    const { record, event } = sampleKey(keyId, { dueAtMs: START_MS, ...changes });
    await store.insert(record, event);
  };
  const addMany = async (count: number) => {
    for (let index = 0; index < count; index += 1) await add(`Many${String(index).padStart(8, '0')}`);
  };
  const sweep = (pace: Partial<SweepPace> = {}) =>
    sweepDueKeys(deps, { startsPerSecond: 5, spreadMs: 0, endsAtMs: START_MS + HOUR_MS, ...pace });
  const wait = (milliseconds: number) => {
    nowMs += milliseconds;
  };
  return { deps, add, addMany, sweep, wait, started, sleeps, failures, bad };
}

const NOTHING = { due: 0, started: 0, exempt: 0, skipped: 0, failed: 0, overdue: 0, left: 0 };

describe('a sweep', () => {
  it('starts the scheduled rotation of a key in the very millisecond it is due', async () => {
    const { add, sweep, started } = bench();
    await add(KEY_ID);

    expect(await sweep()).toEqual({ ...NOTHING, due: 1, started: 1 });
    const request = { keyId: KEY_ID, purpose: 'scheduled', initiatedBy: 'keyturn:sweep' };
    expect(started).toMatchObject([{ request }]);
    expect(started[0]?.name).toMatch(/^[A-Za-z0-9-]{1,80}$/);
  });

  it('says who asks before it starts a key, of that very rotation, and starts none of which it could not say so', async () => {
    const { add, deps, started, failures } = bench();
    await add(KEY_ID);
    await add('SweepKey0001', { status: 'disabled' });
    await add('SweepKey0002');
    const asked: string[] = [];
    const request = async (keyId: string, rotationId: string) => {
      expect(started).toEqual([]);
      asked.push(rotationId);
      if (keyId === 'SweepKey0002') throw new Error('contended');
    };
    const pace = { startsPerSecond: 5, spreadMs: 0, endsAtMs: START_MS + HOUR_MS };

    expect(await sweepDueKeys({ ...deps, request }, pace)).toMatchObject({ started: 1, failed: 1 });
    expect(started.map(({ name }) => name)).toEqual([asked.find((name) => name.includes(KEY_ID))]);
    expect(asked).toHaveLength(2);
    expect(failures).toEqual(['SweepKey0002']);
  });

  it('leaves a key alone a millisecond before that', async () => {
    const { add, sweep, started } = bench();
    await add(KEY_ID, { dueAtMs: START_MS + 1 });

    expect(await sweep()).toEqual(NOTHING);
    expect(started).toEqual([]);
  });

  it.each([
    ['exempt', { exemption: { reason: 'a freeze', untilMs: START_MS + 1 } }, { exempt: 1 }],
    ['rotating already', { rotation: sampleRotation() }, { skipped: 1 }],
  ])('passes over a key that is %s, and says so', async (_why, changes, counted) => {
    const { add, sweep, started } = bench();
    await add(KEY_ID, changes);

    expect(await sweep()).toEqual({ ...NOTHING, due: 1, ...counted });
    expect(started).toEqual([]);
  });

  it.each([
    ['disabled', { status: 'disabled' }, { due: 1, skipped: 1 }],
    ['revoked', { status: 'revoked' }, { due: 1, skipped: 1 }],
    ['not due any more', { dueAtMs: START_MS + 1 }, {}],
  ] as const)('believes the key, not the index, when it is %s', async (_what, changes, counted) => {
    const { deps, add, sweep, started } = bench();
    await add(KEY_ID, changes);
    Object.assign(deps, { due: { dueBy: async () => [{ keyId: KEY_ID, dueAtMs: START_MS }] } });

    expect(await sweep()).toEqual({ ...NOTHING, ...counted });
    expect(started).toEqual([]);
  });

  it('takes a key again once its exemption is over', async () => {
    const { add, sweep, started } = bench();
    await add(KEY_ID, { exemption: { reason: 'a freeze', untilMs: START_MS } });

    expect(await sweep()).toMatchObject({ started: 1, exempt: 0 });
    expect(started).toHaveLength(1);
  });

  it('twice at once starts nothing twice', async () => {
    const { addMany, sweep, started } = bench();
    await addMany(7);

    await Promise.all([sweep(), sweep()]);
    expect(started).toHaveLength(7);
  });

  it('tries a key again on the next day if its rotation came to nothing', async () => {
    const { add, sweep, wait, started } = bench();
    await add(KEY_ID);

    for (const pause of [0, 23 * HOUR_MS, HOUR_MS]) {
      wait(pause);
      await sweep({ endsAtMs: Number.POSITIVE_INFINITY });
    }
    expect(started).toHaveLength(2);
  });

  it('goes on past a key that cannot be started, and tells of it', async () => {
    const { addMany, sweep, started, failures, bad } = bench();
    await addMany(3);
    bad.add('Many00000001');

    expect(await sweep()).toEqual({ ...NOTHING, due: 3, started: 2, failed: 1 });
    expect(started).toHaveLength(2);
    expect(failures).toEqual(['Many00000001']);
  });
});

describe('the pace of a sweep', () => {
  it('is no more starts in a second than it is told', async () => {
    const { addMany, sweep, started, sleeps } = bench();
    await addMany(12);

    expect(await sweep()).toMatchObject({ started: 12, left: 0 });
    expect(sleeps).toEqual([1_000, 1_000]);
    const waves = [0, 1_000, 2_000].map(
      (after) => started.filter(({ atMs }) => atMs === START_MS + after).length,
    );
    expect(waves).toEqual([5, 5, 2]);
  });

  it('spreads the waves by chance over the time it is given', async () => {
    const { deps, addMany, sweep, sleeps } = bench();
    await addMany(15);
    const chances = [0.25, 0.75];
    Object.assign(deps, { random: () => chances.shift() });

    await sweep({ spreadMs: 60_000 });
    expect(sleeps).toEqual([10_000, 30_000]);
  });

  it('gets ten thousand keys due on one day started by one sweep, whose rotations end minutes apart', async () => {
    const { deps, addMany, sweep, started, wait } = bench();
    await addMany(10_000);
    const { start } = deps.machine;
    const requests = new Set<string>();
    const machine: SweepDeps['machine'] = {
      start: async (name, request) => {
        requests.add(name);
        return requests.size % 500 === 0 ? start(name, request) : name;
      },
    };
    const { sleep } = deps;
    // The starts of a wave, one beside the other, take a while too.
    const slow = { machine, sleep: async (ms: number) => sleep(ms).then(() => wait(200)) };
    Object.assign(deps, slow);

    const report = await sweep({
      startsPerSecond: resolveSweep({}).startsPerSecond,
      spreadMs: SWEEP_SPREAD_MS,
      endsAtMs: START_MS + LONGEST_SWEEP_SECONDS * 1000 - SWEEP_RESERVED_MS,
    });

    expect(report).toMatchObject({ due: 10_000, started: 10_000, left: 0 });
    expect(requests.size).toBe(10_000);
    const minutes = new Set(started.map(({ atMs }) => Math.floor((atMs - START_MS) / 60_000)));
    expect(minutes.size).toBeGreaterThan(10);
  });

  it('does not wait for waves in which nothing was started', async () => {
    const { add, sweep, sleeps } = bench();
    for (let index = 0; index < 9; index += 1)
      await add(`Exempt00000${index}`, { exemption: { reason: 'a freeze', untilMs: START_MS + 1 } });

    expect(await sweep()).toMatchObject({ exempt: 9 });
    expect(sleeps).toEqual([]);
  });

  it('ends in time and says how many are left, the longest due first', async () => {
    const { add, addMany, sweep, started } = bench();
    await addMany(12);
    await add(KEY_ID, { dueAtMs: START_MS - 1 });

    expect(await sweep({ endsAtMs: START_MS + 1_000 })).toMatchObject({ due: 13, started: 5, left: 8 });
    expect(started[0]?.request).toMatchObject({ keyId: KEY_ID });
    expect(await sweep({ endsAtMs: START_MS + HOUR_MS })).toMatchObject({ left: 0 });
    expect(started).toHaveLength(13);
  });
});

describe('overdue', () => {
  const LONG_DUE = { dueAtMs: START_MS - 25 * HOUR_MS };

  it.each([
    ['a key due for 25 hours', LONG_DUE, 1],
    ['one due for less', { dueAtMs: LONG_DUE.dueAtMs + 1 }, 0],
    ['one that is rotating', { ...LONG_DUE, rotation: sampleRotation() }, 1],
    ['one that is exempt', { ...LONG_DUE, exemption: { reason: 'a freeze', untilMs: START_MS + 1 } }, 0],
  ])('is counted for %s', async (_what, changes, overdue) => {
    const { add, sweep } = bench();
    await add(KEY_ID, changes);

    expect(await sweep()).toMatchObject({ overdue });
  });
});

describe('a preview', () => {
  it('says of each due key what would be done, starts nothing, and looks at no more than it is told', async () => {
    const { deps, add, started } = bench();
    await add('Start0000000', { dueAtMs: START_MS - 3 });
    await add('Exempt000000', {
      dueAtMs: START_MS - 2,
      exemption: { reason: 'a freeze', untilMs: START_MS + 1 },
    });
    await add('Rotating0000', { dueAtMs: START_MS - 1, rotation: sampleRotation() });
    await add('Later0000000', { dueAtMs: START_MS + 1 });

    const { keys, more } = await previewSweep(deps, 2);
    expect(keys.map(({ key, verdict }) => [key.keyId, verdict])).toEqual([
      ['Start0000000', 'start'],
      ['Exempt000000', 'exempt'],
    ]);
    expect(more).toBe(1);
    expect((await previewSweep(deps, 9)).keys.at(-1)?.verdict).toBe('rotating');
    expect(started).toEqual([]);
  });
});
