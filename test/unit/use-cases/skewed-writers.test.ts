/** Counts of writers whose clocks differ, and that arrive late, belong to one window and to no other. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HOUR_MS } from '../../../rules/time-units.ts';
import { dualKeyWorld } from '../../support/rotation-world.ts';

/** A use of the old version: when it is made, how wrong its writer's clock goes, how long its count takes. */
const use = fc.record({
  afterMs: fc.integer({ min: 0, max: 96 * HOUR_MS }),
  skewMs: fc.integer({ min: -25 * 60_000, max: 25 * 60_000 }),
  delayMs: fc.integer({ min: 0, max: 30 * 60_000 }),
});

it('each use is judged once, whatever the clock of its writer and however late its count', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(use, { maxLength: 12 }), async (uses) => {
      const { world, keyId, execution } = await dualKeyWorld();
      const startMs = world.clock.nowMs;
      const arrivals = uses
        .map((each) => ({ ...each, arrivesMs: startMs + each.afterMs + each.delayMs }))
        .sort((one, other) => one.arrivesMs - other.arrivesMs);
      let judged = 0;
      let next = 0;
      // The last window begins after the last count has arrived.
      for (const hours of [72, 96, 120, 144]) {
        const endMs = startMs + hours * HOUR_MS;
        for (; next < arrivals.length && (arrivals[next]?.arrivesMs ?? 0) < endMs; next += 1) {
          const { afterMs, skewMs } = arrivals[next] as (typeof arrivals)[number];
          const atMs = startMs + afterMs + skewMs;
          await world.uses.add({
            keyId,
            version: 1,
            hourMs: atMs - (atMs % HOUR_MS),
            requests: 1,
            deprecatingRequests: 1,
            lastUsedAtMs: atMs,
            minutes: {},
            callers: [],
          });
        }
        world.clock.nowMs = endMs;
        const { next: following } = await execution.run('judge');
        judged += world.record(keyId).rotation?.verdict?.oldRequests ?? 0;
        if (following === 'retire') break;
      }
      expect(judged).toBe(uses.length);
    }),
    { numRuns: 60 },
  );
});
