import { describe, expect, test } from 'vitest';
import { fromNow, measured, moment, span } from '../../../cli/output/time.ts';
import { START_MS } from './fake-world.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

describe('moment: the time in UTC and how far away it is', () => {
  test.each([
    [0, 'just now'],
    [-999, 'just now'],
    [5 * SECOND, 'in 5 seconds'],
    [-2 * HOUR, '2 hours ago'],
    [90 * DAY, 'in 90 days'],
    [400 * DAY, 'in 400 days'],
  ])('%i ms away: %s', (awayMs, words) => {
    expect(moment(new Date(START_MS + awayMs).toISOString(), START_MS)).toMatch(
      new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ \\(${words}\\)$`),
    );
  });

  test('what is no time stays as it is', () => {
    expect(moment('soon', START_MS)).toBe('soon');
  });
});

test.each([
  [999, 'now'],
  [-2 * DAY - HOUR, '2d 1h ago'],
  [12 * SECOND, 'in 12s'],
])('%i ms from now: %s', (awayMs, text) => {
  expect(fromNow(new Date(START_MS + awayMs).toISOString(), START_MS)).toBe(text);
  expect(fromNow('soon', START_MS)).toBe('soon');
});

test.each([
  [-5, '0s'],
  [18 * SECOND, '18s'],
  [HOUR, '1h'],
  [HOUR + 5 * SECOND, '1h'],
  [2 * DAY + 4 * HOUR + 59 * SECOND, '2d 4h'],
])('span of %i ms: %s', (milliseconds, text) => {
  expect(span(milliseconds)).toBe(text);
});

test.each([
  [840.4, '840 ms'],
  [5_300, '5.3 s'],
])('measured %f ms: %s', (milliseconds, text) => {
  expect(measured(milliseconds)).toBe(text);
});
