/** Troubles with the pepper on record: at once, once for each fault and window, and how often when the window is over. */
import { beforeEach, describe, expect, it } from 'vitest';
import { alertOf } from '../../../lambdas/core/domain/alert.ts';
import { firstBrokenLink } from '../../../lambdas/core/domain/audit-event.ts';
import { PepperDamaged, PepperMissing } from '../../../lambdas/core/domain/errors.ts';
import type { PepperUser } from '../../../lambdas/core/domain/pepper-fault.ts';
import { PepperFaultMeter } from '../../../lambdas/core/use-cases/pepper-fault-meter.ts';
import { tellPepperFaults } from '../../../lambdas/core/use-cases/tell-pepper-faults.ts';
import { PEPPER_FAULT_LAG_SECONDS, PEPPER_FAULT_WINDOW_SECONDS } from '../../../rules/pepper-fault-timing.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { MemoryAuditChains } from '../../support/memory-audit-chains.ts';
import { MemoryPepperFaults } from '../../support/memory-pepper-faults.ts';
import { MemoryTable } from '../../support/memory-table.ts';
import { Turns } from '../../support/turns.ts';

const WINDOW_MS = PEPPER_FAULT_WINDOW_SECONDS * 1000;
const LAG_MS = PEPPER_FAULT_LAG_SECONDS * 1000;
const BEGIN_MS = START_MS - (START_MS % WINDOW_MS);
const LOST = new PepperMissing('There is no pepper.', ['lost']);

let nowMs: number;
let table: MemoryTable;
let faults: MemoryPepperFaults;

beforeEach(() => {
  nowMs = BEGIN_MS;
  table = new MemoryTable();
  faults = new MemoryPepperFaults(table);
});

const meterOf = (user: PepperUser, waitMs = 30_000) => new PepperFaultMeter(faults, user, waitMs);
const tell = () => tellPepperFaults({ faults, chains: new MemoryAuditChains(table), clock: () => nowMs });
const events = () => table.chains.get('pepper') ?? [];
const actions = () => events().map(({ action }) => action);
const alerts = () => events().flatMap((event) => alertOf(event) ?? []);

describe('a fault', () => {
  it('is on record within the watch’s next round, with what is known by then, and alerted of once', async () => {
    const meter = meterOf('authorizer');
    await meter.note(LOST, BEGIN_MS + 5);
    nowMs = BEGIN_MS + 60_000;
    expect(await tell()).toBe(1);
    expect(await tell()).toBe(0);
    expect(events()).toEqual([
      expect.objectContaining({
        action: 'pepper.fault',
        chain: 'pepper',
        outcome: 'failure',
        actor: { principal: 'keyturn:watch', via: 'schedule' },
        atMs: nowMs,
        detail: {
          fault: 'missing',
          pepperVersion: 'lost',
          metBy: ['authorizer: 1'],
          times: 1,
          firstAt: new Date(BEGIN_MS + 5).toISOString(),
          lastAt: new Date(BEGIN_MS + 5).toISOString(),
          windowFrom: new Date(BEGIN_MS).toISOString(),
          windowTo: new Date(BEGIN_MS + WINDOW_MS).toISOString(),
        },
      }),
    ]);
    expect(alerts()).toMatchObject([{ kind: 'pepper-fault', partition: 'ALERT#pepper' }]);
  });

  it('that cannot be put into words keeps no other from being told, and is heard of', async () => {
    const nobodys = { trouble: 'damaged', windowMs: BEGIN_MS, metBy: {}, lastAtMs: BEGIN_MS } as const;
    await faults.add({ ...nobodys, firstAtMs: Number.NaN });
    await meterOf('authorizer').note(LOST, BEGIN_MS);
    await expect(tell()).rejects.toThrow(RangeError);
    expect(events().map(({ detail }) => detail['fault'])).toEqual(['missing']);
  });

  it('that two functions meet at once is one', async () => {
    await Promise.all([
      meterOf('authorizer').note(LOST, BEGIN_MS),
      meterOf('authorizer').note(LOST, BEGIN_MS + 1),
      meterOf('rotation', 0).note(LOST, BEGIN_MS + 2),
    ]);
    expect(await tell()).toBe(1);
    expect(events()[0]?.detail).toMatchObject({ metBy: ['authorizer: 2', 'rotation: 1'], times: 3 });
  });

  it('is told once by two rounds at once, whatever comes between', async () => {
    for (let seed = 0; seed < 25; seed += 1) {
      table = new MemoryTable();
      faults = new MemoryPepperFaults(table);
      await meterOf('authorizer').note(LOST, BEGIN_MS);
      await meterOf('admin', 0).note(new PepperDamaged('No JSON.'), BEGIN_MS);
      const turns = new Turns(seed);
      table.turn = turns.turn;
      const rounds = Promise.all([tell(), tell()]);
      await turns.until(rounds);
      table.turn = () => Promise.resolve();
      expect((await rounds).reduce((sum, each) => sum + each, 0)).toBe(2);
      expect(actions()).toEqual(['pepper.fault', 'pepper.fault']);
      expect(firstBrokenLink(events())).toBeUndefined();
    }
  });

  it('of another kind or pepper is another one', async () => {
    const meter = meterOf('pepper', 0);
    await meter.note(LOST, BEGIN_MS);
    await meter.note(new PepperMissing('There is none.', ['other']), BEGIN_MS);
    await meter.note(new PepperDamaged('No JSON.'), BEGIN_MS);
    expect(await tell()).toBe(3);
    expect(new Set(alerts().map(({ noticeId }) => noticeId)).size).toBe(3);
  });
});

describe('a window that is over', () => {
  it('says how often the fault was met in all of it, once, and alerts of nothing', async () => {
    const meter = meterOf('authorizer');
    await meter.note(LOST, BEGIN_MS + 5);
    await tell();
    for (let index = 0; index < 500; index += 1) await meter.note(LOST, BEGIN_MS + 6 + index);
    await meter.flushAll(BEGIN_MS + 40_000);
    nowMs = BEGIN_MS + WINDOW_MS + LAG_MS - 1;
    expect(await tell()).toBe(0);
    nowMs += 1;
    expect(await tell()).toBe(1);
    nowMs += 60_000;
    expect(await tell()).toBe(0);
    expect(actions()).toEqual(['pepper.fault', 'pepper.fault-counted']);
    expect(events()[1]?.detail).toMatchObject({
      fault: 'missing',
      metBy: ['authorizer: 501'],
      times: 501,
      firstAt: new Date(BEGIN_MS + 5).toISOString(),
      lastAt: new Date(BEGIN_MS + 505).toISOString(),
    });
    expect(alerts()).toHaveLength(1);
  });

  it('says nothing more where the fault was not met again: all is said', async () => {
    await meterOf('authorizer').note(LOST, BEGIN_MS);
    await tell();
    nowMs = BEGIN_MS + 10 * WINDOW_MS;
    expect(await tell()).toBe(0);
    expect(actions()).toEqual(['pepper.fault']);
  });

  it('is followed by another alert where the fault goes on, and by none where it has ended', async () => {
    const meter = meterOf('authorizer');
    for (const window of [0, 1, 3]) {
      nowMs = BEGIN_MS + window * WINDOW_MS + 1_000;
      await meter.note(LOST, nowMs);
      await tell();
    }
    nowMs = BEGIN_MS + 9 * WINDOW_MS;
    await tell();
    expect(alerts().map(({ madeAtMs }) => (madeAtMs - 1_000 - BEGIN_MS) / WINDOW_MS)).toEqual([0, 1, 3]);
    expect(firstBrokenLink(events())).toBeUndefined();
  });
});

describe('a table in trouble', () => {
  it('fails the round, and the next one tells what is left, also hours later', async () => {
    await meterOf('authorizer').note(LOST, BEGIN_MS);
    faults.failure = new Error('ThrottlingException');
    await expect(tell()).rejects.toThrow('ThrottlingException');
    faults.failure = undefined;
    nowMs = BEGIN_MS + 5 * 3_600_000;
    expect(await tell()).toBe(1);
    expect(events()[0]?.detail).toMatchObject({ windowFrom: new Date(BEGIN_MS).toISOString() });
  });

  it('that a fault could not be noted in tells it with all that was met, once it can', async () => {
    const meter = meterOf('authorizer');
    faults.failure = new Error('ThrottlingException');
    for (let index = 0; index < 100; index += 1) await meter.note(LOST, BEGIN_MS + index);
    faults.failure = undefined;
    await meter.flushDue(BEGIN_MS + 20_000);
    await tell();
    expect(events()[0]?.detail).toMatchObject({ times: 100, firstAt: new Date(BEGIN_MS).toISOString() });
  });
});
