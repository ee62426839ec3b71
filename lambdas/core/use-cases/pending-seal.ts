import type { Rotation } from '../domain/key-record.ts';
import type { SealedKey } from '../ports/key-sealer.ts';
import type { KeyStore } from '../ports/key-store.ts';

/**
 * What a change that ends a rotation does with its sealed key: one of a version that was never accepted is destroyed,
 * one of an accepted version stays for its owner.
 */
export async function destroyPendingSeal(
  store: KeyStore,
  keyId: string,
  { status, toVersion }: Rotation,
): Promise<{ readonly seal?: { readonly destroy: SealedKey } }> {
  if (status !== 'verifying' || toVersion === undefined) return {};
  const sealed = await store.findSealed(keyId, toVersion);
  return sealed ? { seal: { destroy: sealed } } : {};
}
