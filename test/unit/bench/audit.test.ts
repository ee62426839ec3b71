/** What a check of the audit takes, as it is stored: in proportion to what is on record. */
import { describe, expect, it } from 'vitest';
import { FULL_AUDIT } from '../../../bench/src/audit/plan.ts';
import { auditSection } from '../../../bench/src/audit/section.ts';
import { ratioOf } from '../../../bench/src/measure/statistics.ts';
import { readResults } from '../../../bench/src/stored.ts';

const results = readResults('audit');
const sizes = ({ growing, sameChains }: Pick<typeof results, 'growing' | 'sameChains'>) =>
  [growing, sameChains].map((all) => all.map(({ events, chains }) => ({ events, chains })));

describe('the stored measurement of the audit', () => {
  it('is of what is measured today, up to 100,000 events', () => {
    expect(sizes(results)).toEqual([FULL_AUDIT.growing, FULL_AUDIT.sameChains]);
    expect(results.growing.at(-1)?.events).toBe(100_000);
  });

  it('takes processor time in proportion to events: eight times as many, at most ten times as long', () => {
    for (const measured of [results.growing, results.sameChains]) {
      const [first, last] = [measured[0], measured.at(-1)];
      const { median } = ratioOf(last?.processorMilliseconds ?? [], first?.processorMilliseconds ?? []);
      expect(median).toBeGreaterThan(4);
      expect(median).toBeLessThan(10);
    }
  });

  it('holds in memory what is in proportion to chains, not to events', () => {
    const most = ({ sameChains }: typeof results) => sameChains.map(({ liveMegabytes }) => liveMegabytes);
    expect(Math.max(...most(results))).toBeLessThan(2 * Math.min(...most(results)));
  });

  it('reads for a digest what is new, whatever is on record', () => {
    for (const { newEvents, eventsRead, chainsRead } of results.digests) {
      expect(eventsRead).toBe(newEvents);
      // The audit's own chain too, and once more for the chains that it says were left out.
      expect(chainsRead).toBe(newEvents + 2);
    }
  });
});

it('the section sets each size against the first', () => {
  const [first, second] = results.growing;
  if (!first || !second) throw new Error('Nothing was measured.');
  const twice = { ...second, processorMilliseconds: first.processorMilliseconds.map((value) => 2 * value) };
  const section = auditSection({ ...results, growing: [first, twice] });
  expect(section).toContain('| 25,000 | 1,000 | 2.00 | 2.00 (2.00–2.00) |');
});
