/** Sources of random bytes: one that repeats itself from a seed, one that is secure. */
import { createHash, randomBytes } from 'node:crypto';
import type { RandomBytes } from '../../lambdas/core/ports/ambient.ts';

/** The same bytes for the same seed: SHA-256 over a counter. */
export function seededRandomBytes(seed: string): RandomBytes {
  let calls = 0;
  return (count) => {
    calls += 1;
    const blocks = Math.ceil(count / 32);
    const bytes = Array.from({ length: blocks }, (_, block) =>
      createHash('sha256').update(`${seed}/${calls}/${block}`).digest(),
    );
    return Buffer.concat(bytes).subarray(0, count);
  };
}

export const secureRandomBytes: RandomBytes = (count) => randomBytes(count);
