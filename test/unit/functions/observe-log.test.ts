import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeEach, expect, it } from 'vitest';
import type { ObserveReport } from '../../../lambdas/core/use-cases/observe-rotations.ts';
import { logObservation } from '../../../lambdas/functions/observe/observe-log.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { START_MS } from '../../support/manual-clock.ts';

const output = captureOutput();
const logger = new Logger({ serviceName: 'keyturn-observe' });
const NOW_MS = START_MS + 90_000;
const IDLE: ObserveReport = {
  running: 3,
  stuck: 1,
  active: 0,
  oldRequests: 0,
  newRequests: 0,
  refusedRequests: 0,
  newShare: null,
  refusedShare: null,
  failed: 0,
  left: 0,
};
const USED = {
  active: 2,
  oldRequests: 3,
  newRequests: 1,
  refusedRequests: 1,
  newShare: 0.25,
  refusedShare: 0.2,
};

beforeEach(() => output.clear());
afterAll(() => output.restore());

function metricsOf(number: number) {
  const line = output.lines()[number] ?? {};
  const { Timestamp, CloudWatchMetrics } = line['_aws'] as {
    Timestamp: number;
    CloudWatchMetrics: { Dimensions: unknown; Metrics: { Name: string; Unit: string }[] }[];
  };
  const [{ Dimensions, Metrics } = { Dimensions: undefined, Metrics: [] }] = CloudWatchMetrics;
  const values = Object.fromEntries(Metrics.map(({ Name, Unit }) => [Name, [line[Name], Unit]]));
  return { Timestamp, Dimensions, values };
}

it('says how rotations stand now', () => {
  logObservation(logger, IDLE, START_MS, NOW_MS);

  expect(output.lines()).toHaveLength(1);
  expect(output.lines()[0]).toMatchObject({ level: 'INFO', minute: '2026-11-23T14:00:00.000Z', active: 0 });
  expect(metricsOf(0)).toEqual({
    Timestamp: NOW_MS,
    Dimensions: [[]],
    values: { RotationsRunning: [3, 'Count'], RotationsStuck: [1, 'Count'] },
  });
});

it('says what was used at the minute in which it was, without a dimension', () => {
  logObservation(logger, { ...IDLE, ...USED }, START_MS, NOW_MS);

  expect(output.lines()).toHaveLength(2);
  expect(metricsOf(1)).toEqual({
    Timestamp: START_MS,
    Dimensions: [[]],
    values: {
      OldVersionRequests: [3, 'Count'],
      NewVersionRequests: [1, 'Count'],
      RefusedRequests: [1, 'Count'],
      MigratedPercent: [25, 'Percent'],
      RefusedPercent: [20, 'Percent'],
    },
  });
});

it('says no share of nothing', () => {
  const refusedAlone = { ...IDLE, active: 1, refusedRequests: 4, refusedShare: 1 };
  logObservation(logger, refusedAlone, START_MS, NOW_MS);

  expect(output.lines()[1]).toMatchObject({ RefusedPercent: 100 });
  expect(output.lines()[1]).not.toHaveProperty('MigratedPercent');
});

it.each([{ failed: 1 }, { left: 7_000 }])('is a warning with %j', (changes) => {
  logObservation(logger, { ...IDLE, ...changes }, START_MS, NOW_MS);
  expect(output.lines()).toEqual([expect.objectContaining({ level: 'WARN', ...changes })]);
});
