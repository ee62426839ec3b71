/** What whoever keeps spent challenges must do. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { SpentNonces } from '../../lambdas/core/ports/renewal.ts';
import { freshIds } from './fresh-ids.ts';
import { START_MS } from './manual-clock.ts';

const freshId = freshIds('NonceOf_');

export function noncesContract(name: string, make: () => Promise<SpentNonces>): void {
  describe(`${name} keeps the contract of spent challenges`, () => {
    let nonces: SpentNonces;
    beforeAll(async () => {
      nonces = await make();
    });

    it('takes each once, for each key apart', async () => {
      const [one, other] = [freshId(), freshId()];
      expect(await nonces.spend(one, 'n-1', START_MS)).toBe('spent');
      expect(await nonces.spend(one, 'n-1', START_MS)).toBe('used');
      expect(await nonces.spend(one, 'n-2', START_MS)).toBe('spent');
      expect(await nonces.spend(other, 'n-1', START_MS)).toBe('spent');
    });

    it('takes it from exactly one of many at once', async () => {
      const keyId = freshId();
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => nonces.spend(keyId, 'n', START_MS)));
      expect(outcomes.filter((outcome) => outcome === 'spent')).toHaveLength(1);
    });
  });
}
