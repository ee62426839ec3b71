import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { logSweep } from '../../../lambdas/functions/sweep/sweep-log.ts';
import { captureOutput } from '../../support/captured-output.ts';

const output = captureOutput();
const logger = new Logger({ serviceName: 'keyturn-sweep' });
const REPORT = { due: 9, started: 4, exempt: 3, skipped: 2, failed: 0, overdue: 1, left: 0 };

beforeEach(() => output.clear());
afterAll(() => output.restore());

it('is one line with the counts as metrics, and no dimension', () => {
  logSweep(logger, REPORT, 7);

  const names = ['KeysDue', 'KeysStarted', 'KeysExempt', 'KeysSkipped', 'KeysOverdue'];
  expect(output.lines()).toEqual([
    expect.objectContaining({
      level: 'INFO',
      message: 'sweep',
      KeysDue: 9,
      KeysStarted: 4,
      KeysExempt: 3,
      KeysSkipped: 2,
      KeysOverdue: 1,
      _aws: {
        Timestamp: 7,
        CloudWatchMetrics: [
          {
            Namespace: 'Keyturn',
            Dimensions: [[]],
            Metrics: names.map((Name) => ({ Name, Unit: 'Count' })),
          },
        ],
      },
    }),
  ]);
});

it.each([{ failed: 1 }, { left: 1 }])('is a warning with %j', (changes) => {
  logSweep(logger, { ...REPORT, ...changes }, 7);
  expect(output.lines()).toEqual([expect.objectContaining({ level: 'WARN', ...changes })]);
});
