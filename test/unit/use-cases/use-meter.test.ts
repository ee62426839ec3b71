import { describe, expect, it } from 'vitest';
import type { UseIncrement, UseWriter } from '../../../lambdas/core/ports/authorization.ts';
import { type RefusedRequest, type Use, UseMeter } from '../../../lambdas/core/use-cases/use-meter.ts';
import { HOUR_MS } from '../../../rules/time-units.ts';
import { START_MS } from '../../support/manual-clock.ts';

const INTERVAL_MS = 60_000;

/** Remembers what was written; fails while told to; holds writes back while told to. */
class RecordingWriter implements UseWriter {
  readonly added: UseIncrement[] = [];
  readonly firstUses: string[] = [];
  readonly firstRefusals: string[] = [];
  failing = false;
  #release: (() => void) | undefined;
  #held: Promise<void> = Promise.resolve();

  async add(increment: UseIncrement): Promise<void> {
    await this.#held;
    if (this.failing) throw new Error('The write failed.');
    this.added.push(increment);
  }

  async noteFirstUse(keyId: string, version: number, atMs: number): Promise<void> {
    if (this.failing) throw new Error('The write failed.');
    this.firstUses.push(`${keyId}/${version}@${atMs - START_MS}`);
  }

  async noteFirstRefusal(keyId: string, version: number, atMs: number): Promise<void> {
    await this.#held;
    if (this.failing) throw new Error('The write failed.');
    this.firstRefusals.push(`${keyId}/${version}@${atMs - START_MS}`);
  }

  hold(): void {
    this.#held = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release?.();
  }

  requests(version = 1): number {
    return sum(
      this.added.filter((increment) => increment.version === version).map(({ requests }) => requests),
    );
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const use = (changes: Partial<Use> = {}): Use => ({
  keyId: 'Ab3dEf7hIj9L',
  version: 1,
  deprecating: false,
  firstUseKnown: true,
  address: '203.0.113.7',
  userAgent: 'client/1',
  atMs: START_MS,
  ...changes,
});

const OLD: Partial<Use> = { deprecating: true, windowEndsAtMs: START_MS + 3_600_000 };

function meterWith(intervalMs = INTERVAL_MS) {
  const writer = new RecordingWriter();
  return { writer, meter: new UseMeter(writer, intervalMs) };
}

describe('what is never lost', () => {
  it("a version's first use ever is written before the answer, once", async () => {
    const { writer, meter } = meterWith();

    await meter.record(use({ firstUseKnown: false }));
    await meter.record(use({ firstUseKnown: false, atMs: START_MS + 1 }));
    await meter.record(use({ firstUseKnown: false, version: 2, atMs: START_MS + 2 }));

    expect(writer.firstUses).toEqual(['Ab3dEf7hIj9L/1@0', 'Ab3dEf7hIj9L/2@2']);
  });

  it('a first use that the record knows is not written again', async () => {
    const { writer, meter } = meterWith();

    await meter.record(use());

    expect(writer.firstUses).toEqual([]);
  });

  it('that an old version was used: the first use in each flush window is written before the answer', async () => {
    const { writer, meter } = meterWith();

    await meter.record(use(OLD));
    expect(writer.requests()).toBe(1);
    await meter.record(use({ ...OLD, atMs: START_MS + INTERVAL_MS - 1 }));
    expect(writer.requests()).toBe(1);
    await meter.record(use({ ...OLD, atMs: START_MS + INTERVAL_MS }));

    expect(writer.requests()).toBe(3);
    expect(sum(writer.added.map(({ deprecatingRequests }) => deprecatingRequests))).toBe(3);
  });

  it('the first use after an extension: a judgement between two uses loses neither', async () => {
    const { writer, meter } = meterWith();

    await meter.record(use(OLD));
    await meter.record(use({ ...OLD, windowEndsAtMs: START_MS + 7_200_000, atMs: START_MS + 1 }));

    expect(writer.requests()).toBe(2);
  });

  it('that the new version was used while its key rotates', async () => {
    const { writer, meter } = meterWith();

    await meter.record(use({ version: 2, windowEndsAtMs: START_MS + 3_600_000 }));

    expect(writer.requests(2)).toBe(1);
    expect(writer.added[0]).toMatchObject({ deprecatingRequests: 0, callers: [] });
  });

  it('if the first use ever cannot be written the request fails, and the next one tries again', async () => {
    const { writer, meter } = meterWith();
    writer.failing = true;
    await expect(meter.record(use({ firstUseKnown: false }))).rejects.toThrow('The write failed.');

    writer.failing = false;
    await meter.record(use({ firstUseKnown: false, atMs: START_MS + 1 }));

    expect(writer.firstUses).toEqual(['Ab3dEf7hIj9L/1@1']);
  });

  it('if the use of an old version cannot be written the request fails, and the next one writes both', async () => {
    const { writer, meter } = meterWith();
    writer.failing = true;
    await expect(meter.record(use(OLD))).rejects.toThrow('The write failed.');

    writer.failing = false;
    await meter.record(use({ ...OLD, atMs: START_MS + 1 }));

    expect(writer.added).toHaveLength(1);
    expect(writer.added[0]).toMatchObject({ requests: 2, deprecatingRequests: 2 });
  });

  it('an interval of 0 writes each use before its answer', async () => {
    const { writer, meter } = meterWith(0);

    await meter.record(use());
    await meter.record(use({ atMs: START_MS + 1 }));

    expect(writer.added.map(({ requests }) => requests)).toEqual([1, 1]);
  });
});

describe('what may wait', () => {
  it('counts of active versions wait for the flush interval', async () => {
    const { writer, meter } = meterWith();
    for (let second = 0; second < 5; second += 1) await meter.record(use({ atMs: START_MS + second * 1000 }));

    await meter.flushDue(START_MS + INTERVAL_MS - 1);
    expect(writer.added).toEqual([]);
    await meter.flushDue(START_MS + INTERVAL_MS);

    expect(writer.added).toEqual([
      {
        keyId: 'Ab3dEf7hIj9L',
        version: 1,
        hourMs: START_MS,
        requests: 5,
        deprecatingRequests: 0,
        minutes: {},
        lastUsedAtMs: START_MS + 4_000,
        callers: [],
      },
    ]);
  });

  it('is written once: a second flush finds nothing', async () => {
    const { writer, meter } = meterWith();
    await meter.record(use());

    await Promise.all([meter.flushDue(START_MS + INTERVAL_MS), meter.flushDue(START_MS + INTERVAL_MS)]);

    expect(writer.requests()).toBe(1);
  });

  it('is written when the environment ends, however young', async () => {
    const { writer, meter } = meterWith();
    await meter.record(use());
    await meter.record(use({ version: 2 }));

    await meter.flushAll();

    expect([writer.requests(1), writer.requests(2)]).toEqual([1, 1]);
  });

  it('is counted in the hour it belongs to', async () => {
    const { writer, meter } = meterWith();
    await meter.record(use({ atMs: START_MS + HOUR_MS - 1 }));
    await meter.record(use({ atMs: START_MS + HOUR_MS }));
    await meter.flushAll();

    expect(writer.added.map(({ hourMs, requests }) => [hourMs - START_MS, requests])).toEqual([
      [0, 1],
      [HOUR_MS, 1],
    ]);
  });

  it('is carried along in bounded numbers: one request never writes for everybody', async () => {
    const { writer, meter } = meterWith();
    for (let version = 1; version <= 40; version += 1) await meter.record(use({ version }));

    await meter.flushDue(START_MS + INTERVAL_MS);
    expect(writer.added).toHaveLength(16);
    await meter.flushDue(START_MS + INTERVAL_MS);
    await meter.flushDue(START_MS + INTERVAL_MS);

    expect(new Set(writer.added.map(({ version }) => version)).size).toBe(40);
  });
});

describe('a failed flush', () => {
  it('loses nothing and fails no request', async () => {
    const { writer, meter } = meterWith();
    await meter.record(use());
    writer.failing = true;
    await meter.flushDue(START_MS + INTERVAL_MS);
    await meter.record(use({ atMs: START_MS + INTERVAL_MS }));

    writer.failing = false;
    await meter.flushDue(START_MS + INTERVAL_MS);

    expect(writer.added).toHaveLength(1);
    expect(writer.added[0]).toMatchObject({ requests: 2, lastUsedAtMs: START_MS + INTERVAL_MS });
  });

  it('keeps what was counted while the write was on its way', async () => {
    const { writer, meter } = meterWith();
    await meter.record(use());
    writer.hold();
    writer.failing = true;
    const flushed = meter.flushDue(START_MS + INTERVAL_MS);
    await meter.record(use({ atMs: START_MS + INTERVAL_MS + 1 }));
    writer.release();
    await flushed;

    writer.failing = false;
    await meter.flushAll();

    expect(writer.requests()).toBe(2);
  });

  it('counts nothing twice that was counted while the write went through', async () => {
    const { writer, meter } = meterWith();
    await meter.record(use());
    writer.hold();
    const flushed = meter.flushDue(START_MS + INTERVAL_MS);
    await meter.record(use({ atMs: START_MS + INTERVAL_MS + 1 }));
    writer.release();
    await flushed;
    await meter.flushAll();

    expect(writer.added.map(({ requests }) => requests)).toEqual([1, 1]);
  });
});

describe('who uses an old version', () => {
  it('is named with how often and when last; the same caller is one', async () => {
    const { writer, meter } = meterWith();
    writer.failing = true;
    const seen = [
      use(OLD),
      use({ ...OLD, atMs: START_MS + 5 }),
      use({ ...OLD, userAgent: 'client/2', atMs: START_MS + 9 }),
    ];
    for (const each of seen) await meter.record(each).catch(() => {});

    writer.failing = false;
    await meter.flushAll();

    expect(writer.added[0]?.callers).toEqual([
      { address: '203.0.113.7', userAgent: 'client/1', requests: 2, lastUsedAtMs: START_MS + 5 },
      { address: '203.0.113.7', userAgent: 'client/2', requests: 1, lastUsedAtMs: START_MS + 9 },
    ]);
  });

  it('is bounded: eight names between two writes, and everybody counts', async () => {
    const { writer, meter } = meterWith();
    writer.failing = true;
    for (let host = 1; host <= 30; host += 1) {
      await meter.record(use({ ...OLD, address: `203.0.113.${host}` })).catch(() => {});
    }

    writer.failing = false;
    await meter.flushAll();

    expect(writer.added[0]?.callers).toHaveLength(8);
    expect(writer.added[0]).toMatchObject({ requests: 30, deprecatingRequests: 30 });
  });

  it('is cut to 160 characters of user agent', async () => {
    const { writer, meter } = meterWith();

    await meter.record(use({ ...OLD, userAgent: 'x'.repeat(5_000) }));

    expect(writer.added[0]?.callers[0]?.userAgent).toBe('x'.repeat(160));
    // Half a character cannot be encoded: a store would refuse it, and with it every count of the hour.
    await meter.record(use({ ...OLD, keyId: 'Zb3dEf7hIj9L', userAgent: `${'x'.repeat(159)}😀` }));
    expect(writer.added[1]?.callers[0]?.userAgent).toBe(`${'x'.repeat(159)}\ufffd`);
  });

  it('never shows a key that a client has put into its name', async () => {
    const { writer, meter } = meterWith();
    const key = `mk_live_Ab3dEf7hIj9L_${'s'.repeat(43)}aaaaaa`;

    await meter.record(use({ ...OLD, userAgent: `agent (${key})` }));
    await meter.record(use({ ...OLD, keyId: 'Zb3dEf7hIj9L', userAgent: `${'x'.repeat(120)} ${key}` }));

    expect(writer.added[0]?.callers[0]?.userAgent).toBe('agent (mk_live_Ab3dEf7hIj9L_[redacted])');
    expect(JSON.stringify(writer.added)).not.toContain('sss');
  });

  it('is nobody while the version is active: whose client it is stays their own matter', async () => {
    const { writer, meter } = meterWith();
    await meter.record(use());
    await meter.flushAll();

    expect(writer.added[0]?.callers).toEqual([]);
  });
});

describe('minutes', () => {
  it('are counted while the key has two accepted versions, of either, in the write of the hour', async () => {
    const { writer, meter } = meterWith();
    const window = { windowEndsAtMs: START_MS + HOUR_MS };
    for (const version of [1, 2]) {
      for (const minute of [0, 0, 1, 59]) {
        await meter.record(use({ ...window, version, atMs: START_MS + minute * 60_000 }));
      }
    }
    await meter.flushAll();

    for (const version of [1, 2]) {
      const added = writer.added.filter((increment) => increment.version === version);
      expect(minutesIn(added)).toEqual({ 0: 2, 1: 1, 59: 1 });
      expect(sum(added.map(({ requests }) => requests))).toBe(4);
    }
  });

  it('are as many as an hour has, however long writes fail', async () => {
    const { writer, meter } = meterWith();
    writer.failing = true;
    for (let second = 0; second < 3_600; second += 10) {
      await meter.record(use({ ...OLD, atMs: START_MS + second * 1_000 })).catch(() => {});
    }
    writer.failing = false;
    await meter.flushAll();

    expect(writer.added).toHaveLength(1);
    expect(Object.values(writer.added[0]?.minutes ?? {})).toEqual(Array(60).fill(6));
  });

  it('are not counted of a key with one accepted version', async () => {
    const { writer, meter } = meterWith(0);
    await meter.record(use());

    expect(writer.added[0]?.minutes).toEqual({});
  });
});

describe('refused requests', () => {
  const refused = (changes: Partial<RefusedRequest> = {}): RefusedRequest => ({
    keyId: 'Ab3dEf7hIj9L',
    inWindow: true,
    atMs: START_MS,
    ...changes,
  });

  it('of a key with two accepted versions are counted by minute, under no version of it', async () => {
    const { writer, meter } = meterWith();
    for (const second of [0, 59, 60]) await meter.refuse(refused({ atMs: START_MS + second * 1_000 }));
    await meter.flushDue(START_MS + INTERVAL_MS);

    expect(writer.added).toEqual([
      {
        keyId: 'Ab3dEf7hIj9L',
        version: 0,
        hourMs: START_MS,
        requests: 3,
        deprecatingRequests: 0,
        minutes: { 0: 2, 1: 1 },
        lastUsedAtMs: START_MS + 60_000,
        callers: [],
      },
    ]);
  });

  it('of another key are not counted', async () => {
    const { writer, meter } = meterWith();
    await meter.refuse(refused({ inWindow: false }));
    await meter.flushAll();

    expect(writer.added).toEqual([]);
  });

  it.each([0, 1_000])('cost a write in ten seconds at most with an interval of %i ms', async (interval) => {
    const { writer, meter } = meterWith(interval);
    for (let ms = 0; ms < 30_000; ms += 10) {
      await meter.flushDue(START_MS + ms);
      await meter.refuse(refused({ atMs: START_MS + ms }));
    }
    expect(writer.added).toHaveLength(2);
    await meter.flushAll();

    expect(writer.requests(0)).toBe(3_000);
  });

  it('wait in bounded memory: keys beyond a thousand are not counted, those that wait go on', async () => {
    const { writer, meter } = meterWith();
    const keys = Array.from({ length: 1_500 }, (_, index) => `Key${String(index).padStart(9, '0')}`);
    for (const keyId of [...keys, ...keys]) await meter.refuse(refused({ keyId }));
    await meter.flushAll();

    expect(writer.added).toHaveLength(1_000);
    expect(writer.requests(0)).toBe(2_000);
  });

  it('are kept when their write fails, which fails nothing else', async () => {
    const { writer, meter } = meterWith();
    await meter.refuse(refused());
    writer.failing = true;
    await meter.flushDue(START_MS + INTERVAL_MS);
    writer.failing = false;
    await meter.flushDue(START_MS + INTERVAL_MS);

    expect(writer.requests(0)).toBe(1);
  });

  it('of a version that is accepted no more are noted once, whether it rotates or not', async () => {
    const { writer, meter } = meterWith();
    const first = refused({ inWindow: false, firstOfVersion: 1 });
    await meter.refuse(first);
    await meter.refuse({ ...first, atMs: START_MS + 1 });
    await meter.refuse({ ...first, firstOfVersion: 2, atMs: START_MS + 2 });

    expect(writer.firstRefusals).toEqual(['Ab3dEf7hIj9L/1@0', 'Ab3dEf7hIj9L/2@2']);
  });

  it('do not wait for the note of an earlier one', async () => {
    const { writer, meter } = meterWith();
    const first = refused({ firstOfVersion: 1 });
    writer.hold();
    const noting = meter.refuse(first);
    await meter.refuse({ ...first, atMs: START_MS + 1 });
    writer.release();
    await noting;

    expect(writer.firstRefusals).toEqual(['Ab3dEf7hIj9L/1@0']);
  });

  it('whose note fails are refused all the same, and one noted ten seconds later', async () => {
    const { writer, meter } = meterWith();
    const first = refused({ firstOfVersion: 1 });
    writer.failing = true;
    await meter.refuse(first);
    writer.failing = false;
    await meter.refuse({ ...first, atMs: START_MS + 9_999 });
    expect(writer.firstRefusals).toEqual([]);
    await meter.refuse({ ...first, atMs: START_MS + 10_000 });

    expect(writer.firstRefusals).toEqual(['Ab3dEf7hIj9L/1@10000']);
  });
});

const minutesIn = (added: readonly UseIncrement[]): Record<string, number> => {
  const minutes: Record<string, number> = {};
  for (const [minute, requests] of added.flatMap((increment) => Object.entries(increment.minutes))) {
    minutes[minute] = (minutes[minute] ?? 0) + requests;
  }
  return minutes;
};
