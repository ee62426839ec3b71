import { describe, expect, it } from 'vitest';
import { stuckSinceMs } from '../../../lambdas/core/domain/stuck-rotation.ts';
import { MINUTE_MS } from '../../../rules/time-units.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { sampleRotation } from '../../support/sample-records.ts';

const GRACE_END_MS = START_MS + 60 * MINUTE_MS;

describe('a rotation stands still', () => {
  it.each([
    ['starting', 'manual', 15],
    ['verifying', 'scheduled', 15],
    ['starting', 'emergency', 5],
  ] as const)('when it is %s (%s) for more than %i minutes', (status, purpose, minutes) => {
    const rotation = sampleRotation({ status, purpose });
    const allowedMs = minutes * MINUTE_MS;

    expect(stuckSinceMs(rotation, START_MS + allowedMs)).toBeUndefined();
    expect(stuckSinceMs(rotation, START_MS + allowedMs + 1)).toBe(START_MS);
  });

  it.each([
    ['manual', 15],
    ['emergency', 5],
  ] as const)('when the end of its grace period (%s) is not judged %i minutes later', (purpose, minutes) => {
    const rotation = sampleRotation({ status: 'dual-key', purpose, gracePeriodEndsAtMs: GRACE_END_MS });
    const allowedMs = minutes * MINUTE_MS;

    expect(stuckSinceMs(rotation, GRACE_END_MS + allowedMs)).toBeUndefined();
    expect(stuckSinceMs(rotation, GRACE_END_MS + allowedMs + 1)).toBe(GRACE_END_MS);
  });

  it('never once it has ended', () => {
    const rotation = sampleRotation({ status: 'failed', endedAtMs: START_MS + 1 });
    expect(stuckSinceMs(rotation, START_MS + 1_000 * MINUTE_MS)).toBeUndefined();
  });
});
