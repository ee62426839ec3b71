import type { KeyRecord, Rotation } from '../domain/key-record.ts';
import type { KeyStore } from '../ports/key-store.ts';

/**
 * A rotation of a key by its id, running or ended.
 *
 * @param record the key as it was read just now. What has left it since is on record by the same write, so that a
 *   rotation that ends between the two reads is found all the same
 */
export async function findRotation(
  store: Pick<KeyStore, 'findRotation'>,
  record: KeyRecord,
  rotationId: string,
): Promise<Rotation | undefined> {
  if (record.rotation?.rotationId === rotationId) return record.rotation;
  return store.findRotation(record.keyId, rotationId);
}
