import { describe, expect, it } from 'vitest';
import {
  isComplete,
  isSettled,
  RUN_OUTCOMES,
  type RunKey,
  runExecutionName,
  runRotationId,
  summaryOf,
} from '../../../lambdas/core/domain/emergency-run.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { sampleRun } from '../../support/runs-contract.ts';

const key = (outcome: RunKey['outcome'], changes: Partial<RunKey> = {}): RunKey => ({
  keyId: 'Run000000000',
  outcome,
  attempt: 1,
  revision: 1,
  ...changes,
});

describe('the summary of a run', () => {
  it('counts every key once, by what became of it', () => {
    const keys = [...RUN_OUTCOMES, 'failed' as const].map((outcome) => key(outcome));
    expect(summaryOf(START_MS, keys)).toEqual({
      totals: { keys: 7, refused: 1, 'dual-key': 1, failed: 2, skipped: 1, left: 2 },
    });
  });

  it.each([
    ['one', [700], 700, 700],
    ['an odd number', [900, 100, 500], 500, 900],
    ['an even number: the lower in the middle', [400, 100, 300, 200], 200, 400],
    ['one that was refused before the run', [-5_000, 300], 0, 300],
  ])('measures from the start of the run: %s', (_what, afterMs, medianMs, slowestMs) => {
    const keys = afterMs.map((ms) => key('refused', { refusedAtMs: START_MS + ms }));
    expect(summaryOf(START_MS, [...keys, key('skipped')]).times).toEqual({ medianMs, slowestMs });
  });
});

describe('a run is complete', () => {
  const summary = summaryOf(START_MS, [key('refused'), key('dual-key'), key('skipped')]);

  it('when nothing failed, nothing is left and nothing kept it from its target', () => {
    expect(isComplete({ ...summary, atMs: START_MS })).toBe(true);
  });

  it.each(['failed', 'planned', 'ordered'] as const)('not with a key that is %s', (outcome) => {
    expect(isComplete({ ...summaryOf(START_MS, [key(outcome)]), atMs: START_MS })).toBe(false);
  });

  it('not when it could not go through its target', () => {
    expect(isComplete({ ...summary, atMs: START_MS, failure: 'The table was gone.' })).toBe(false);
  });
});

describe('a key is settled', () => {
  it.each([
    ['refused', true, true],
    ['dual-key', true, true],
    ['failed', true, false],
    ['skipped', true, false],
    ['planned', false, false],
    ['ordered', false, false],
  ] as const)('%s: for this attempt %s, for the next %s', (outcome, now, next) => {
    expect(isSettled(key(outcome), 1)).toBe(now);
    expect(isSettled(key(outcome), 2)).toBe(next);
  });
});

it('names executions by run, key and attempt, in the 80 characters that a name may have', () => {
  const run = sampleRun({ runId: 'a'.repeat(40) });
  expect(runExecutionName(run)).toBe(`${run.runId}-1`);
  expect(runRotationId(run.runId, 'Run000000000', 12)).toBe(`run-${run.runId}-Run000000000-12`);
  expect(runRotationId(run.runId, 'Run000000000', 99_999)).toMatch(/^[A-Za-z0-9-]{1,80}$/);
});
