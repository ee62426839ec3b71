/** What is made of counted emergencies: totals, and a key's share. */
import { describe, expect, it } from 'vitest';
import { type Counts, NO_COUNTS } from '../../../bench/src/cost/counts.ts';
import { keyOfMany } from '../../../bench/src/cost/summary.ts';
import type { EmergencyResult, EmergencyResults } from '../../../bench/src/fleet/emergencies.ts';
import { emergencySection } from '../../../bench/src/fleet/emergency-section.ts';

const counts = (changes: Partial<Counts>): Counts => ({ ...NO_COUNTS, ...changes });

/** The rotations of ten thousand are not played. */
const result = (keys: number, held: number, target: EmergencyResult['target']): EmergencyResult => ({
  keys,
  held,
  target,
  run: counts({ transitions: 11 + (keys / 25) * 6, requests: { 'DynamoDB GetItem': 3 * keys } }),
  ...(keys < 10_000
    ? { rotations: counts({ transitions: 7 * keys, requests: { 'DynamoDB TransactWriteItems': 3 * keys } }) }
    : {}),
});

const results: EmergencyResults = {
  date: '2026-11-23T14:00:00.000Z',
  emulator: '1.5.33',
  emergencies: [result(1_000, 1_000, 'all'), result(1_000, 10_000, 'owner'), result(10_000, 10_000, 'all')],
};

describe('emergencies of many keys', () => {
  const section = emergencySection(results);

  it('are told by their targets, the run apart from its rotations', () => {
    expect(section).toContain('| all of 1,000 held | 251 |');
    expect(section).toContain("| an owner's 1,000 of 10,000 held | 251 |");
    expect(section).toContain('| all of 10,000 held | 2,411 |');
    expect(section).toContain("| an owner's 1,000 of 10,000 held | 7,000 |");
    expect(section).not.toContain('70,000');
  });

  it('are told for each key', () => {
    expect(section).toContain("| an owner's 1,000 of 10,000 held | 0.25 | 7.00 | 3.00 | 3.00 |");
    expect(section).toContain('| all of 10,000 held | 0.24 | – | 3.00 | – |');
  });

  it('have no share of a key without any rotation that was counted', () => {
    const without = { ...results, emergencies: results.emergencies.slice(-1) };
    expect(() => keyOfMany(without)).toThrow(/No rotations/);
  });

  it('give a key its share of the largest, and one rotation', () => {
    const { transitions, requests } = keyOfMany(results);
    expect(transitions).toBeCloseTo(7.2411, 10);
    expect(requests).toEqual({ 'DynamoDB GetItem': 3, 'DynamoDB TransactWriteItems': 3 });
  });
});
