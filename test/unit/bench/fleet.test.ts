/** What is made of a run of the fleet: ratios of the same round, and the table of counts. */
import { describe, expect, it } from 'vitest';
import { NOTHING } from '../../../bench/src/count/tally.ts';
import {
  cellOf,
  countRatio,
  requestCount,
  roundRatio,
  workMs,
} from '../../../bench/src/fleet/comparisons.ts';
import { CELLS, type Cell, SAME_DUE, TEN_TIMES_DUE } from '../../../bench/src/fleet/plan.ts';
import type { CellResult, FleetResults } from '../../../bench/src/fleet/results.ts';
import { fleetSection } from '../../../bench/src/fleet/section.ts';
import { dueDates } from '../../../bench/src/fleet/seed.ts';

const NOW_MS = Date.parse('2026-11-23T14:00:00Z');

/** A store on which work takes a millisecond a due key, and the look-up one for each hundred held. */
const result = ({ held, due }: Cell): CellResult => ({
  held,
  due,
  tally: {
    ...NOTHING,
    requests: { 'DynamoDB Query': 8, 'DynamoDB GetItem': due, 'Step Functions StartExecution': due },
    readUnits: 4 + due,
  },
  counted: {
    report: { due, started: due, exempt: 0, skipped: 0, failed: 0, overdue: 0, left: 0 },
    milliseconds: due,
    lookupMs: 0,
    cpuMilliseconds: due,
    pausedMs: 60_000,
    pauses: 1,
    peakHeapMegabytes: 20,
    peakMegabytes: 80,
  },
  rounds: [1, 2, 3].map((slow) => ({
    milliseconds: slow * (due + held / 100),
    lookupMs: (slow * held) / 100,
    cpuMilliseconds: slow * due,
  })),
});

const results: FleetResults = {
  date: '2026-11-23T14:00:00.000Z',
  machine: { processor: 'a processor', memory: '1 GiB', system: 'Linux', node: 'v20', load: '0.1' },
  emulator: '1.5.33',
  startsPerSecond: 15,
  sweeps: CELLS.map(result),
};

describe('comparisons', () => {
  it('are of cells that are measured, ten times each other in one respect', () => {
    for (const { base, cell } of SAME_DUE) {
      expect(cell).toEqual({ held: 10 * base.held, due: base.due });
      expect(cellOf(results, cell).rounds).toHaveLength(3);
    }
    for (const { base, cell } of TEN_TIMES_DUE) {
      expect(cell).toEqual({ held: base.held, due: 10 * base.due });
      expect(cellOf(results, base).rounds).toHaveLength(3);
    }
  });

  it('leave the look-up out of the work, and a slow round out of the ratio', () => {
    expect(roundRatio(results, SAME_DUE[0] as never, workMs)).toEqual({ median: 1, low: 1, high: 1 });
    expect(roundRatio(results, TEN_TIMES_DUE[0] as never, workMs).median).toBe(10);
  });

  it('count requests of every kind', () => {
    expect(countRatio(results, SAME_DUE[0] as never, requestCount)).toBe(1);
    expect(requestCount(result({ held: 1_000, due: 100 }))).toBe(208);
  });

  it('say what was not measured', () => {
    expect(() => cellOf(results, { held: 7, due: 1 })).toThrow(/7-1/);
  });
});

describe('the fleet’s part of the page', () => {
  const section = fleetSection(results);

  it('has a line for each cell and for each comparison', () => {
    expect(section).toContain('| 10,000 | 1,000 | 8 | 1,000 | 1,000 | 1,004 |');
    for (const { what } of [...SAME_DUE, ...TEN_TIMES_DUE]) expect(section).toContain(`| ${what} |`);
  });

  it('has no heading of the page’s own level', () => {
    expect(section).not.toMatch(/^# /m);
    expect(section.match(/^## /gm)).toHaveLength(1);
  });
});

describe('due dates of a fleet', () => {
  const dates = dueDates(1_000, 100, NOW_MS);

  it('are past for as many as are due, by less than a day', () => {
    const due = dates.filter((atMs) => atMs <= NOW_MS);
    expect(due).toHaveLength(100);
    expect(Math.min(...due)).toBeGreaterThan(NOW_MS - 86_400_000);
  });

  it('are weeks away for the others, so that sweeps of the days to come find no more', () => {
    const rest = dates.filter((atMs) => atMs > NOW_MS);
    expect(rest).toHaveLength(900);
    expect(Math.min(...rest)).toBeGreaterThanOrEqual(NOW_MS + 30 * 86_400_000);
  });
});
