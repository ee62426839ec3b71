/** Tries of claim links in memory. */
import type { ClaimTries } from '../../lambdas/core/ports/claim-tries.ts';

export class MemoryClaimTries implements ClaimTries {
  readonly counted = new Map<string, number>();

  async count(keyId: string, atMs: number, most: number): Promise<number | 'too-many'> {
    const name = `${keyId}/${Math.floor(atMs / 3_600_000)}`;
    const before = this.counted.get(name) ?? 0;
    if (before >= most) return 'too-many';
    this.counted.set(name, before + 1);
    return before + 1;
  }
}
