import { describe, expect, it } from 'vitest';
import { bucketsOf, countIn } from '../../../../cli/report/html/charts/time-buckets.ts';

const labels = (from: string, to: string) => bucketsOf({ from, to }).buckets.map(({ label }) => label);

describe('a period that begins within a day', () => {
  const period = { from: '2026-11-23T01:16:33.638Z', to: '2026-11-24T01:16:33.638Z' };

  it('is cut at midnight, so that a bar has the day that it is named after', () => {
    const { unit, buckets } = bucketsOf(period);
    expect({ unit, labels: buckets.map(({ label }) => label) }).toEqual({
      unit: 'day',
      labels: ['11-23', '11-24'],
    });
    expect(countIn(buckets, [Date.parse('2026-11-24T00:59:00Z')])).toEqual([0, 1]);
  });

  it('has weeks of whole days', () => {
    const { buckets } = bucketsOf({ from: '2026-09-01T18:00:00.000Z', to: '2026-10-01T00:00:00.000Z' });
    expect(buckets.map(({ fromMs }) => new Date(fromMs).toISOString())).toEqual([
      '2026-09-01T18:00:00.000Z',
      ...['09-08', '09-15', '09-22', '09-29'].map((day) => `2026-${day}T00:00:00.000Z`),
    ]);
  });
});

it('whole days stay whole, and nothing is left out', () => {
  expect(labels('2026-11-01T00:00:00.000Z', '2026-11-04T00:00:00.000Z')).toEqual(['11-01', '11-02', '11-03']);
});
