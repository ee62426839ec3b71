/** Troubles with the pepper cost few writes, and nothing that is thrown depends on them. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  PepperDamaged,
  PepperMissing,
  PepperUnreadable,
  SealBroken,
} from '../../../lambdas/core/domain/errors.ts';
import { type PepperFaultCount, timesMet } from '../../../lambdas/core/domain/pepper-fault.ts';
import { PepperFaultMeter } from '../../../lambdas/core/use-cases/pepper-fault-meter.ts';
import { PEPPER_FAULT_WINDOW_SECONDS } from '../../../rules/pepper-fault-timing.ts';
import { START_MS } from '../../support/manual-clock.ts';

const WAIT_MS = 30_000;
const WINDOW_MS = PEPPER_FAULT_WINDOW_SECONDS * 1000;
const BEGIN_MS = START_MS - (START_MS % WINDOW_MS);
const LOST = new PepperMissing('There is no pepper.', ['lost']);

let added: PepperFaultCount[];
let tries: number;
let failure: Error | undefined;
let meter: PepperFaultMeter;
const writer = {
  add: async (fault: PepperFaultCount) => {
    tries += 1;
    if (failure) throw failure;
    added.push(fault);
  },
};

beforeEach(() => {
  added = [];
  tries = 0;
  failure = undefined;
  meter = new PepperFaultMeter(writer, 'authorizer', WAIT_MS);
});

const times = () => added.reduce((sum, fault) => sum + timesMet(fault), 0);

describe('a fault', () => {
  it('is noted at once, with who met it, when, and of which pepper', async () => {
    await meter.note(LOST, BEGIN_MS + 7);
    expect(added).toEqual([
      {
        trouble: 'missing',
        pepperVersion: 'lost',
        windowMs: BEGIN_MS,
        metBy: { authorizer: 1 },
        firstAtMs: BEGIN_MS + 7,
        lastAtMs: BEGIN_MS + 7,
      },
    ]);
  });

  it('is another one of another pepper, and of another kind', async () => {
    for (const error of [
      LOST,
      new PepperMissing('There is none.', ['other']),
      new PepperDamaged('No JSON.'),
      new PepperUnreadable('Denied.'),
    ])
      await meter.note(error, BEGIN_MS);
    expect(added.map(({ trouble, pepperVersion }) => [trouble, pepperVersion])).toEqual([
      ['missing', 'lost'],
      ['missing', 'other'],
      ['damaged', undefined],
      ['unreadable', undefined],
    ]);
  });

  it('of several peppers is one of each', async () => {
    await meter.note(new PepperDamaged('Altered.', ['1', '2']), BEGIN_MS);
    expect(added.map(({ pepperVersion }) => pepperVersion)).toEqual(['1', '2']);
  });

  it('is none where the error is another', async () => {
    for (const error of [new SealBroken('x'), new Error('x'), undefined, 'PepperMissing'])
      await meter.note(error, BEGIN_MS);
    expect(tries).toBe(0);
  });
});

describe('thousands of requests a minute that meet it', () => {
  it('write once at first and once each interval, and every one is counted', async () => {
    const perMinute = 6_000;
    for (let index = 0; index < 5 * perMinute; index += 1) {
      const atMs = BEGIN_MS + (index * 60_000) / perMinute;
      await meter.note(LOST, atMs);
    }
    expect(added.length).toBeLessThanOrEqual(1 + (5 * 60_000) / WAIT_MS);
    await meter.flushAll(BEGIN_MS + 5 * 60_000);
    expect(times()).toBe(5 * perMinute);
    expect(new Set(added.map(({ windowMs }) => windowMs))).toEqual(new Set([BEGIN_MS]));
  });

  it('are counted on when it has ended, by the requests that come then', async () => {
    await meter.note(LOST, BEGIN_MS);
    await meter.note(LOST, BEGIN_MS + 1);
    await meter.flushDue(BEGIN_MS + WAIT_MS);
    expect(added).toHaveLength(1);
    await meter.flushDue(BEGIN_MS + WAIT_MS + 1);
    expect(times()).toBe(2);
    await meter.flushDue(BEGIN_MS + 10 * WAIT_MS);
    expect(tries).toBe(2);
  });

  it('begin anew in the next window, at once, and leave what waited in its own', async () => {
    await meter.note(LOST, BEGIN_MS + WINDOW_MS - 3);
    await meter.note(LOST, BEGIN_MS + WINDOW_MS - 2);
    await meter.note(LOST, BEGIN_MS + WINDOW_MS);
    expect(added.map(({ windowMs }) => windowMs)).toEqual([BEGIN_MS, BEGIN_MS + WINDOW_MS]);
    await meter.flushDue(BEGIN_MS + WINDOW_MS + WAIT_MS);
    expect(added.at(-1)).toMatchObject({ windowMs: BEGIN_MS, metBy: { authorizer: 1 } });
  });
});

describe('a table that cannot be written', () => {
  it('keeps nothing from being thrown, is not tried by each request, and hears of all of them later', async () => {
    failure = new Error('ThrottlingException');
    for (let index = 0; index < 1_000; index += 1) await meter.note(LOST, BEGIN_MS + index);
    expect(tries).toBe(1);
    await meter.note(LOST, BEGIN_MS + 10_000);
    expect(tries).toBe(2);
    failure = undefined;
    await meter.flushDue(BEGIN_MS + 19_999);
    expect(added).toEqual([]);
    await meter.flushDue(BEGIN_MS + 20_000);
    expect(added).toEqual([
      expect.objectContaining({
        metBy: { authorizer: 1_001 },
        firstAtMs: BEGIN_MS,
        lastAtMs: BEGIN_MS + 10_000,
        windowMs: BEGIN_MS,
      }),
    ]);
  });
});

it('writes each at once where nothing may wait', async () => {
  const admin = new PepperFaultMeter(writer, 'admin', 0);
  for (let index = 0; index < 3; index += 1) await admin.note(LOST, BEGIN_MS + index);
  expect(added.map(({ metBy }) => metBy)).toEqual(Array(3).fill({ admin: 1 }));
});
