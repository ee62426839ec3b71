/** The record that the report's benchmark makes is one that a deployment could have. */
import { describe, expect, test } from 'vitest';
import { evidenceSection } from '../../../bench/src/evidence/section.ts';
import { eventsOf, FROM_MS, keysOf, toMsOf } from '../../../bench/src/evidence/story.ts';
import { readResults } from '../../../bench/src/stored.ts';
import { ReportBuilder } from '../../../lambdas/core/domain/report/report-builder.ts';

describe('a record of 1,000 events', () => {
  const size = { events: 1_000, keys: 40 };
  const builder = new ReportBuilder({ fromMs: FROM_MS, toMs: toMsOf(size) });
  for (const event of eventsOf(size)) builder.add(event);

  test('has whole chains and whole rotations', () => {
    const { events, rotations, keys } = builder.record();
    expect(events).toMatchObject({ count: 1_000, chains: 40, missing: 0 });
    expect(keys.issued).toBe(40);
    expect(rotations.outcomes[0]).toMatchObject({ started: 120, completed: 120 });
    expect(keysOf(size)).toHaveLength(40);
  });
});

test('memory grew less than the events did', () => {
  const { sizes } = readResults('evidence');
  const [smallest, ...larger] = sizes.map(({ events, rounds }) => ({
    events,
    grown: Math.max(...rounds.map(({ grownMegabytes }) => grownMegabytes)),
  }));
  for (const { events, grown } of larger) {
    expect(grown / (smallest?.grown ?? 0)).toBeLessThan(events / (smallest?.events ?? 1));
  }
  expect(evidenceSection(readResults('evidence'))).toContain('| 100,000 | 4,000 |');
});
