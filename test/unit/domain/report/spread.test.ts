import { expect, test } from 'vitest';
import { spreadOf } from '../../../../lambdas/core/domain/report/spread.ts';

test.each([
  [[], null],
  [[7], { count: 1, meanMs: 7, medianMs: 7, p95Ms: 7, slowestMs: 7 }],
  [[4, 1], { count: 2, meanMs: 3, medianMs: 3, p95Ms: 4, slowestMs: 4 }],
  [[3, 1, 2], { count: 3, meanMs: 2, medianMs: 2, p95Ms: 3, slowestMs: 3 }],
  [
    Array.from({ length: 20 }, (_, index) => index + 1),
    { count: 20, meanMs: 11, medianMs: 11, p95Ms: 19, slowestMs: 20 },
  ],
])('of %j', (values, spread) => {
  expect(spreadOf(values)).toEqual(spread);
});
