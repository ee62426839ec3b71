/** Dollars from counts. */
import { describe, expect, it } from 'vitest';
import { FUNCTIONS, HISTORY_LINE_BYTES } from '../../../bench/src/cost/assumptions.ts';
import { billOf, dollarsOf, totalOf } from '../../../bench/src/cost/bill.ts';
import { add, type Counts, less, NO_COUNTS, scaled, total } from '../../../bench/src/cost/counts.ts';
import { dollars } from '../../../bench/src/cost/dollars.ts';
import { fleetMonth } from '../../../bench/src/cost/fleet-month.ts';
import { historyEvents } from '../../../bench/src/cost/history.ts';
import {
  lockedDollars,
  MAIL_STANDING,
  METRICS,
  mailLines,
  metricLines,
  STANDING,
  standingLines,
  sumOf,
} from '../../../bench/src/cost/monthly.ts';
import { type CostResults, SCENARIOS } from '../../../bench/src/cost/results.ts';
import { requestsTo } from '../../../bench/src/count/tally.ts';

const counts = (changes: Partial<Counts>): Counts => ({ ...NO_COUNTS, ...changes });

describe('counts', () => {
  const one = counts({ requests: { 'KMS Decrypt': 2, 'DynamoDB Query': 1 }, transitions: 3, readUnits: 1.5 });
  const other = counts({ requests: { 'KMS Decrypt': 2 }, transitions: 1, invocations: { admin: 1 } });

  it('add up, by name', () => {
    expect(add(one, other, 2)).toEqual(
      counts({
        requests: { 'KMS Decrypt': 6, 'DynamoDB Query': 1 },
        transitions: 5,
        readUnits: 1.5,
        invocations: { admin: 2 },
      }),
    );
    expect(total(one, other, other)).toEqual(add(one, other, 2));
  });

  it('differ, and what is the same is left out', () => {
    expect(less(one, other).requests).toEqual({ 'DynamoDB Query': 1 });
    expect(less(one, one)).toEqual(NO_COUNTS);
    expect(scaled(one, 2)).toEqual(add(one, one));
  });

  it('of a service are those of all its operations', () => {
    const mixed = { requests: { 'KMS Decrypt': 2, 'KMS GenerateDataKey': 1, KMSx: 9 } };
    expect(requestsTo(mixed, 'KMS')).toBe(3);
    expect(requestsTo(mixed, 'KMS Decrypt')).toBe(2);
  });
});

describe('a bill', () => {
  it.each([
    ['stepFunctions', { transitions: 1_000 }, 0.025],
    ['lambdaRequests', { invocations: { authorizer: 400_000, admin: 600_000 } }, 0.2],
    ['dynamodb', { readUnits: 1e6, writeUnits: 1e6 }, 0.125 + 0.625],
    ['keys', { requests: { 'KMS Decrypt': 1e4, 'Secrets Manager GetSecretValue': 1e4 } }, 0.03 + 0.05],
    ['keys', { requests: { 'KMS Sign': 5e3, 'KMS GetPublicKey': 5e3 } }, 0.15],
    [
      'messages',
      { requests: { 'SES SendRawEmail': 1e3, 'SNS Publish': 1e6, 'SQS messages': 1e6 } },
      0.1 + 0.5 + 0.4,
    ],
    ['objects', { requests: { 'S3 PUT': 500, 'S3 LIST': 500, 'S3 GET': 1e3 } }, 0.005 + 0.0004],
    ['events', { busEvents: 1e6 }, 1],
    ['traces', { executions: 1e6 }, 5],
  ] as const)('has %s', (part, changes, usd) => {
    expect(billOf(counts(changes))[part]).toBeCloseTo(usd, 10);
  });

  it('has the time of each function by its memory', () => {
    const { megabytes, milliseconds } = FUNCTIONS['rotation'] ?? { megabytes: 0, milliseconds: 0 };
    const gigabyteSeconds = (megabytes / 1024) * (milliseconds / 1000);
    const { lambdaTime } = billOf(counts({ invocations: { rotation: 3 } }));
    expect(lambdaTime).toBeCloseTo(3 * gigabyteSeconds * 0.0000133334, 15);
    expect(lambdaTime).toBeGreaterThan(0);
  });

  it('has the lines of the functions and of the machine', () => {
    const { logs } = billOf(counts({ logBytes: 1e9, historyEvents: 1e6 }));
    expect(logs).toBeCloseTo(0.5 + (1e6 * HISTORY_LINE_BYTES * 0.5) / 1e9, 10);
  });

  it('adds up', () => {
    const bill = billOf(counts({ transitions: 17, readUnits: 41, writeUnits: 55, executions: 1 }));
    expect(totalOf(bill)).toBeCloseTo(17 * 25e-6 + 41 * 0.125e-6 + 55 * 0.625e-6 + 5e-6, 12);
  });

  it('is not made of a function of which nothing is known', () => {
    expect(() => billOf(counts({ invocations: { other: 1 } }))).toThrow(/'other'/);
  });
});

describe('the history of an execution', () => {
  it('has nine events for a wait and its judgement', () => {
    const before = ['Task', 'Choice', 'Task', 'Succeed'];
    const waits = ['Task', 'Choice', 'Wait', 'Task', 'Choice', 'Task', 'Succeed'];
    expect(historyEvents(waits, false) - historyEvents(before, false)).toBe(9);
  });

  it('ends in a wait that is never left when it is stopped there', () => {
    expect(historyEvents(['Task', 'Wait'], true)).toBe(2 + 5 + 1);
  });

  it('is not guessed', () => {
    expect(() => historyEvents(['Parallel'], false)).toThrow(/Parallel/);
  });
});

describe('dollars', () => {
  it.each([
    [0, '0'],
    [0.000000126, '0.00000013'],
    [0.000426, '0.00043'],
    [0.099, '0.099'],
    [0.1, '0.10'],
    [4.6625, '4.66'],
    [1_234.5, '1,234.50'],
  ])('%d are %s', (value, text) => {
    expect(dollars(value)).toBe(text);
  });
});

describe('a month of a fleet', () => {
  const rotation = counts({ transitions: 20 });
  const observedMinute = counts({ busEvents: 1 });
  const results = {
    counts: { ...Object.fromEntries(SCENARIOS.map((name) => [name, NO_COUNTS])), rotation, observedMinute },
  } as unknown as CostResults;
  const fleet = (keys: number) => fleetMonth(results, { keys, policy: 'standard' });

  it('has a rotation for each key that falls due in it, every 90 days', () => {
    const month = fleet(900);
    expect(month.rotations).toBeCloseTo(10 * (365 / 12), 8);
    expect(month.rotating).toBeCloseTo(month.rotations * dollarsOf(rotation), 10);
  });

  it('observes each of them for 72 hours', () => {
    expect(fleet(900).observing).toBeCloseTo(10 * (365 / 12) * 72 * 60 * 1e-6, 10);
  });

  it('adds up, with what stands and the metrics', () => {
    const { rotating, sweeping, observing, standing, total: all } = fleet(900);
    expect(standing).toBeCloseTo(sumOf(standingLines(results)) + sumOf(metricLines()), 10);
    expect(all).toBeCloseTo(rotating + sweeping + observing + standing, 10);
  });

  it('bills the pauses of the sweep: none of one wave, minutes of several', () => {
    expect(fleet(90).sweeping).toBe(0);
    // 1,000 due a day are 67 waves: 66 pauses over four minutes, at a quarter of a gigabyte.
    const seconds = (66 * 240) / 67;
    expect(fleet(90_000).sweeping).toBeCloseTo((365 / 12) * seconds * 0.25 * 0.0000133334, 8);
  });

  it('is of a policy that there is', () => {
    expect(() => fleetMonth(results, { keys: 1, policy: 'other' })).toThrow(/'other'/);
  });
});

describe('what stands each month', () => {
  const nothing = {
    counts: Object.fromEntries(SCENARIOS.map((name) => [name, NO_COUNTS])),
  } as unknown as CostResults;

  it('is there without any use: keys, secrets, alarms, dashboard, metrics, and a run each minute and each day', () => {
    // Observation, outbox and wrong keys each minute; sweep, clean-up and digest each day.
    const scheduled = (365 / 12) * (3 * 24 * 60 + 3) * 1e-6;
    const eachMinute = METRICS.observation.length + METRICS.outbox.length;
    const eachDay = METRICS.sweep.length + METRICS.audit.length;
    const metrics = 0.3 * (eachMinute + eachDay / 24);
    const { kmsKeys, secrets, alarms, dashboards } = STANDING;
    const things = kmsKeys + secrets * 0.4 + alarms * 0.1 + dashboards * 3;
    expect(sumOf(standingLines(nothing))).toBeCloseTo(things + metrics + scheduled, 10);
  });

  it('has every metric once, of what stands or of what happens', () => {
    const lines = [...standingLines(nothing), ...metricLines()].filter(({ what }) => /^metrics\b/.test(what));
    const count = lines.reduce((sum, each) => sum + each.count, 0);
    expect(count).toBe(Object.values(METRICS).flat().length);
  });

  it('keeps 400 digests of 100 bytes a chain', () => {
    expect(lockedDollars(10_000)).toBeCloseTo((400 * 10_000 * 100 * 0.023) / 1e9, 10);
  });

  it('has for mail a key, and the looks of five pollers three times a minute', () => {
    const looks = (365 / 12) * 24 * 60 * 5 * 3;
    expect(sumOf(mailLines())).toBeCloseTo(MAIL_STANDING.kmsKeys + MAIL_STANDING.queues * looks * 0.4e-6, 10);
  });
});
