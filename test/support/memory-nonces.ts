/** Spent challenges in memory. */
import type { SpentNonces } from '../../lambdas/core/ports/renewal.ts';

export class MemoryNonces implements SpentNonces {
  readonly spent = new Set<string>();

  async spend(keyId: string, nonce: string): Promise<'spent' | 'used'> {
    const name = `${keyId}/${nonce}`;
    if (this.spent.has(name)) return 'used';
    this.spent.add(name);
    return 'spent';
  }
}
