import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDurationSeconds } from '../../../rules/duration.ts';

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

  it('adds up days, hours, minutes and seconds', () => {
    const part = fc.nat(99_999);
    fc.assert(
      fc.property(part, part, part, part, (days, hours, minutes, seconds) => {
        expect(parseDurationSeconds(`P${days}DT${hours}H${minutes}M${seconds}S`, 'x')).toEqual({
          ok: true,
          value: days * 86_400 + hours * 3_600 + minutes * 60 + seconds,
        });
      }),
    );
  });
});
