/** Who puts on record what is seen by those who may write no key. */
import type { RetiredUse } from './authorization.ts';

export interface Watch {
  /** Handed over, not done yet. Rejects if it could not be. */
  retiredUses(uses: readonly (RetiredUse & { readonly windowMs: number })[]): Promise<void>;
  stuckRotations(stuck: readonly { readonly keyId: string; readonly rotationId: string }[]): Promise<void>;
}
