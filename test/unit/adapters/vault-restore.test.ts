/** A rollback where the vault does not hold the earlier version any more, as one that keeps a single version. */
import { describe, expect, it } from 'vitest';
import type { KvVersion } from '../../../lambdas/adapters/vault/kv-v2.ts';
import type { VaultClient } from '../../../lambdas/adapters/vault/vault-client.ts';
import { VaultPlace } from '../../../lambdas/adapters/vault/vault-place.ts';

const KEY = 'Ab3dEf7hIj9L';

/** A vault that holds this, and nothing before it. */
function placeWith(current: KvVersion) {
  const metadata = {
    currentVersion: current.version,
    custom: {},
    maxVersions: 1,
    casRequired: false,
    versions:
      current.state === 'present' ? [{ version: current.version, state: 'present', createdAt: '' }] : [],
  };
  const kv = { read: async () => current, metadata: async () => metadata };
  return new VaultPlace({ kv, config: { mount: 'secret' } } as unknown as VaultClient);
}

describe('a version that is gone from the vault', () => {
  it('is not said to be restored while clients find one that is refused', async () => {
    const data = { keyId: KEY, version: 2, key: 'mk_live_…' };
    const place = placeWith({ state: 'present', version: 2, data });
    await expect(place.restore({ kind: 'vault', path: 'keyturn/a' }, KEY, 1)).rejects.toMatchObject({
      name: 'PlaceUnready',
      message: expect.stringContaining(`does not hold version 1 of key ${KEY}`),
    });
  });

  it('is none where clients find nothing: that harms nobody', async () => {
    const place = placeWith({ state: 'deleted', version: 2 });
    await expect(place.restore({ kind: 'vault', path: 'keyturn/a' }, KEY, 1)).resolves.toBeUndefined();
  });
});
