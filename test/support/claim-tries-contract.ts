/** What whoever counts tries of claim links must do. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClaimTries } from '../../lambdas/core/ports/claim-tries.ts';
import { HOUR_MS } from '../../rules/time-units.ts';
import { freshIds } from './fresh-ids.ts';
import { START_MS } from './manual-clock.ts';

const freshId = freshIds('TriesOf_');
const ON_THE_HOUR = Math.floor(START_MS / HOUR_MS) * HOUR_MS;

export function claimTriesContract(name: string, make: () => Promise<ClaimTries>): void {
  describe(`${name} keeps the contract of tries of claim links`, () => {
    let tries: ClaimTries;
    beforeAll(async () => {
      tries = await make();
    });

    it('counts from one up to the most, for each key and each hour of the clock apart', async () => {
      const [one, other] = [freshId(), freshId()];
      const last = ON_THE_HOUR + HOUR_MS - 1;
      expect(await tries.count(one, ON_THE_HOUR, 2)).toBe(1);
      expect(await tries.count(one, last, 2)).toBe(2);
      expect(await tries.count(one, last, 2)).toBe('too-many');
      expect(await tries.count(other, last, 2)).toBe(1);
      expect(await tries.count(one, last + 1, 2)).toBe(1);
    });

    it('counts many at once one by one, and none beyond the most', async () => {
      const keyId = freshId();
      const counts = await Promise.all(Array.from({ length: 8 }, () => tries.count(keyId, ON_THE_HOUR, 5)));
      expect(counts.map(String).sort()).toEqual(
        ['1', '2', '3', '4', '5', ...Array(3).fill('too-many')].sort(),
      );
    });
  });
}
