/** The sealed key of a version, for whoever would open it. */
import type { Clock } from '../ports/ambient.ts';
import type { SealedKey } from '../ports/key-sealer.ts';
import type { KeyStore } from '../ports/key-store.ts';

export interface FindSealDeps {
  /** A function that may only read destroys nothing. */
  readonly store: Pick<KeyStore, 'findSealed'> & Partial<Pick<KeyStore, 'destroySealed'>>;
  readonly clock: Clock;
}

/**
 * One that has expired is gone, whatever still lies there: DynamoDB deletes expired items days late. Who meets it destroys
 * it; should that fail, the next one does, or DynamoDB in the end.
 */
export async function findSeal(
  { store, clock }: FindSealDeps,
  keyId: string,
  version: number,
): Promise<SealedKey | undefined> {
  const sealed = await store.findSealed(keyId, version);
  if (!sealed || sealed.expiresAtMs > clock()) return sealed;
  await store.destroySealed?.(sealed).catch(() => undefined);
  return undefined;
}
