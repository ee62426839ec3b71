import { describe, expect, it } from 'vitest';
import { PERIOD_OPTIONS, parsePeriod } from '../../../rules/period.ts';

const NOW = Date.parse('2026-11-23T14:00:00.000Z');
const at = (text: string) => Date.parse(text);

describe('a period of what has happened', () => {
  it.each([
    [{}, {}],
    [{ from: '2026-11-01' }, { fromMs: at('2026-11-01T00:00:00Z') }],
    [{ from: '2026-11-01T18:30Z' }, { fromMs: at('2026-11-01T18:30:00Z') }],
    [{ from: '2026-11-01T18:30:15.5Z' }, { fromMs: at('2026-11-01T18:30:15.500Z') }],
    [{ from: 'P7D' }, { fromMs: at('2026-11-16T14:00:00Z') }],
    [{ to: 'PT1H' }, { toMs: at('2026-11-23T13:00:00Z') }],
    // A day is in the period until its end.
    [{ to: '2026-11-30' }, { toMs: at('2026-12-01T00:00:00Z') }],
    [{ to: '2026-11-30T00:00Z' }, { toMs: at('2026-11-30T00:00:00Z') }],
    [
      { from: '2026-11-01', to: '2026-11-01' },
      { fromMs: at('2026-11-01T00:00:00Z'), toMs: at('2026-11-02T00:00:00Z') },
    ],
    [
      { from: 'P30D', to: 'P7D' },
      { fromMs: NOW - 30 * 86_400_000, toMs: NOW - 7 * 86_400_000 },
    ],
  ])('reads %j', (given, value) => {
    expect(parsePeriod(given, NOW)).toEqual({ ok: true, value });
  });

  it.each([
    ['from', 'yesterday'],
    ['from', ''],
    ['from', '2026-11'],
    ['from', '2026-02-30'],
    ['from', '2026-11-01T18:00'],
    ['from', '2026-11-01T24:00Z'],
    ['from', 'P999999D'],
    ['from', 1_795_000_000_000],
    ['to', '2026-13-01'],
    ['to', 'P1M'],
    ['to', null],
  ])('refuses %s %j, and says what it may be', (what, given) => {
    expect(parsePeriod({ [what]: given }, NOW)).toEqual({
      ok: false,
      message: `${what} '${String(given)}' is no time.`,
      hint: expect.stringContaining('such as 2026-11-01'),
    });
  });

  it.each([
    ['2026-11-02', '2026-11-01'],
    ['P7D', 'P30D'],
    ['2026-11-01T18:00Z', '2026-11-01T18:00Z'],
  ])('refuses one from %s to %s, which has no time in it', (from, to) => {
    expect(parsePeriod({ from, to }, NOW)).toEqual({
      ok: false,
      message: `The period from '${from}' to '${to}' has no time in it.`,
      hint: 'Give the earlier time as from and the later one as to.',
    });
  });

  it('calls its ends what they are called where they were given', () => {
    const refusal = (given: object) => parsePeriod(given, NOW, PERIOD_OPTIONS);
    expect(refusal({ from: 'soon' })).toMatchObject({ message: "--from 'soon' is no time." });
    expect(refusal({ to: 'soon' })).toMatchObject({ message: "--to 'soon' is no time." });
    expect(refusal({ from: 'P7D', to: 'P30D' })).toMatchObject({
      hint: 'Give the earlier time as --from and the later one as --to.',
    });
  });
});
