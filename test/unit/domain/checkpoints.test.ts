import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dueReminder,
  nextCheckpointMs,
  openWindow,
  reminded,
  withEarlyLook,
} from '../../../lambdas/core/domain/checkpoints.ts';
import type { Rotation } from '../../../lambdas/core/domain/key-record.ts';
import { HOUR_MS } from '../../../rules/time-units.ts';
import { sampleRotation, TERMS } from '../../support/sample-records.ts';

const NOW_MS = Date.parse('2026-11-23T14:00:00Z');
const BASE = { sinceMs: NOW_MS, oldRequests: 3, newRequests: 4 };

const withTerms = (terms: Partial<Rotation['terms']>, changes: Partial<Rotation> = {}): Rotation =>
  sampleRotation({ terms: { ...TERMS, ...terms }, ...changes });

const opened = (rotation: Rotation, hours: number, held = false): Rotation =>
  openWindow(rotation, { nowMs: NOW_MS, endsAtMs: NOW_MS + hours * HOUR_MS, windowBase: BASE, held });

const inHours = (atMs: number): number => (atMs - NOW_MS) / HOUR_MS;

describe('reminders of a window', () => {
  const TWO_DAYS_AND_ONE = { reminderSeconds: [48 * 3_600, 24 * 3_600] };

  it.each([
    [72, [24, 48]],
    [49, [1, 25]],
    [48, [24]],
    [47, [23]],
    [24, []],
    [1, []],
  ])('of %i hours come after %j hours: none that would be past already', (hours, after) => {
    const rotation = opened(withTerms(TWO_DAYS_AND_ONE), hours);
    expect((rotation.reminders ?? []).map(({ atMs }) => inHours(atMs))).toEqual(after);
    expect(inHours(nextCheckpointMs(rotation))).toBe(after[0] ?? hours);
  });

  it('are none while it is held on after the last extension, nor in a rotation of an earlier release', () => {
    expect(opened(withTerms(TWO_DAYS_AND_ONE), 72, true)).not.toHaveProperty('reminders');
    expect(opened(sampleRotation(), 72)).not.toHaveProperty('reminders');
  });

  it('start anew with each window', () => {
    const first = opened(withTerms(TWO_DAYS_AND_ONE), 72);
    const [reminder] = first.reminders ?? [];
    const later = reminded(first, reminder as NonNullable<typeof reminder>, NOW_MS + 24 * HOUR_MS);
    expect(later.reminders).toHaveLength(1);
    expect(opened(later, 96).reminders).toHaveLength(2);
    expect(opened(later, 2)).not.toHaveProperty('reminders');
  });

  it('are due from a second before their time on, and of several only the last is given', () => {
    const rotation = opened(withTerms(TWO_DAYS_AND_ONE), 72);
    const at = (hours: number, ms = 0) => dueReminder(rotation, NOW_MS + hours * HOUR_MS + ms)?.beforeSeconds;
    expect(at(24, -1_001)).toBeUndefined();
    expect(at(24, -1_000)).toBe(48 * 3_600);
    expect(at(47)).toBe(48 * 3_600);
    expect(at(60)).toBe(24 * 3_600);
    const given = reminded(rotation, dueReminder(rotation, NOW_MS + 60 * HOUR_MS) as never, NOW_MS);
    expect(given.reminders).toEqual([]);
    expect(dueReminder(given, NOW_MS + 71 * HOUR_MS)).toBeUndefined();
  });
});

describe('looks for an early retirement', () => {
  const EARLY = { earlyRetirementSeconds: 12 * 3_600 };

  it('come when the stated time has passed, and count from the moment the window opened', () => {
    const rotation = opened(withTerms(EARLY), 72);
    expect(rotation.earlyLook).toEqual({
      fromMs: NOW_MS,
      atMs: NOW_MS + 12 * HOUR_MS,
      windowBase: BASE,
    });
    expect(nextCheckpointMs(rotation)).toBe(NOW_MS + 12 * HOUR_MS);
  });

  it.each([
    ['the policy knows none', withTerms({}), 72],
    ['the announced end comes first', withTerms(EARLY), 12],
    ['an emergency ends at its bound', withTerms(EARLY, { purpose: 'emergency' }), 72],
  ])('are none where %s', (_why, rotation, hours) => {
    expect(opened(rotation, hours)).not.toHaveProperty('earlyLook');
  });

  it('are none while it is held on', () => {
    expect(opened(withTerms(EARLY), 72, true)).not.toHaveProperty('earlyLook');
  });

  it('never fill an execution: its history has room for 25,000 events, nine a wait', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 86_400 }),
        fc.array(fc.integer({ min: 1, max: 90 * 24 }), { minLength: 1, maxLength: 366 }),
        (earlyRetirementSeconds, windows) => {
          let rotation = withTerms({ earlyRetirementSeconds });
          let looks = 0;
          let nowMs = NOW_MS;
          for (const hours of windows) {
            const endsAtMs = nowMs + hours * HOUR_MS;
            rotation = openWindow(rotation, { nowMs, endsAtMs, windowBase: BASE });
            while (rotation.earlyLook) {
              looks += 1;
              expect(rotation.earlyLook.atMs).toBeGreaterThan(nowMs);
              nowMs = rotation.earlyLook.atMs;
              rotation = withEarlyLook(rotation, { nowMs, endsAtMs, windowBase: BASE });
            }
            nowMs = endsAtMs;
          }
          expect(looks).toBeLessThanOrEqual(500);
        },
      ),
      { numRuns: 50 },
    );
  });
});
