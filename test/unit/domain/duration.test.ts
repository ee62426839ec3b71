import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDurationSeconds } from '../../../rules/duration.ts';

describe('parseDurationSeconds', () => {
  it.each([
    ['PT0S', 0],
    ['P0D', 0],
    ['PT1S', 1],
    ['PT20S', 20],
    ['PT90S', 90],
    ['PT5M', 300],
    ['PT1H', 3_600],
    ['PT72H', 259_200],
    ['P1D', 86_400],
    ['P90D', 7_776_000],
    ['P2W', 1_209_600],
    ['P1DT2H3M4S', 93_784],
    ['PT1H30M', 5_400],
    ['P1DT4S', 86_404],
  ])('reads %s as %i seconds', (text, seconds) => {
    expect(parseDurationSeconds(text, 'x')).toEqual({ ok: true, value: seconds });
  });

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    'T1H',
    '72H',
    '72',
    'PT72',
    'P72H',
    'PT1D',
    'pt72h',
    'P1Y',
    'P1M',
    'P1W2D',
    'PT1S1M',
    'PT1.5H',
    'PT-1H',
    '-PT1H',
    '+PT1H',
    ' PT1H',
    'PT1H ',
    'PT1H\n',
    'PT1H PT1H',
    'PT١H',
    'P9999999D',
  ])('refuses %j with its name, the value and the mend', (text) => {
    expect(parseDurationSeconds(text, 'gracePeriod')).toEqual({
      ok: false,
      message: `gracePeriod '${text}' is not an ISO 8601 duration.`,
      hint: expect.stringContaining('PT72H'),
    });
  });
});

describe('formatDuration', () => {
  it.each([
    [0, 'PT0S'],
    [59, 'PT59S'],
    [60, 'PT1M'],
    [3_600, 'PT1H'],
    [86_400, 'P1D'],
    [259_200, 'P3D'],
    [93_784, 'P1DT2H3M4S'],
    [86_404, 'P1DT4S'],
  ])('writes %i seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('writes what is read back as the same', () => {
    fc.assert(
      fc.property(fc.nat(400 * 86_400), (seconds) => {
        expect(parseDurationSeconds(formatDuration(seconds), 'x')).toEqual({ ok: true, value: seconds });
      }),
    );
  });
});
