/** Delivery to a vault: a secret for each key, a KV version for each key version. */
import { Misconfigured, PlaceUnready } from '../../core/domain/errors.ts';
import type { Destination } from '../../core/domain/key-record.ts';
import type { KeyPlace, PlacedVersion } from '../../core/ports/key-place.ts';
import { makeCurrent } from './make-current.ts';
import { findVersion, KEY_ID, placedSecret, placesIn, versionIn, withoutPast } from './placed-secret.ts';
import type { VaultClient } from './vault-client.ts';
import { vaultReadiness } from './vault-readiness.ts';

export class VaultPlace implements KeyPlace {
  readonly #vault: VaultClient;
  readonly #endpoint: string | undefined;

  /** @param endpoint what clients call with the key, written beside it */
  constructor(vault: VaultClient, endpoint?: string) {
    this.#vault = vault;
    this.#endpoint = endpoint;
  }

  async trouble(destination: Destination): Promise<string | undefined> {
    return (await vaultReadiness(this.#vault, pathOf(destination))).trouble;
  }

  /** Two that write the same version at once write it once: of two by check-and-set one is told to look again. */
  async put(destination: Destination, placed: PlacedVersion): Promise<void> {
    const secret = placedSecret(placed, this.#endpoint);
    await makeCurrent(this.#vault, pathOf(destination), {
      keyId: placed.keyId,
      version: placed.version,
      isIt: ({ key }) => key === secret.key,
      data: async () => secret,
    });
  }

  /**
   * The earlier version's data again, without what it said of the version before it. Where the vault has kept no such
   * version, clients that find another must be helped by who is told so.
   */
  async restore(destination: Destination, keyId: string, version: number): Promise<void> {
    const path = pathOf(destination);
    let isGone = false;
    const data = async () => {
      const found = await findVersion(this.#vault.kv, path, keyId, version);
      isGone = !found;
      return found && withoutPast(found);
    };
    await makeCurrent(this.#vault, path, { keyId, version, data });
    if (!isGone || versionIn(await this.#vault.kv.read(path), keyId) === undefined) return;
    throw new PlaceUnready(
      `The secret '${path}' does not hold version ${version} of key ${keyId}, and clients find another: deliver it with 'keyturn deliver ${keyId} --again', or, if it was handed out another way, rotate the key.`,
    );
  }

  /** Destroys what this key wrote, and what was deleted since: of the latter nobody can see whose it is. */
  async remove(destination: Destination, keyId: string): Promise<void> {
    const { kv } = this.#vault;
    const path = pathOf(destination);
    const metadata = await kv.metadata(path);
    if (!metadata) return;
    const versions: number[] = [];
    const first = metadata.custom[KEY_ID] === keyId ? placesIn(metadata.custom)[0]?.kvVersion : undefined;
    for (const { version, state } of metadata.versions) {
      const deleted = state === 'deleted' && first !== undefined && version >= first;
      const own = state === 'present' && versionIn(await kv.read(path, version), keyId) !== undefined;
      if (deleted || own) versions.push(version);
    }
    if (versions.length > 0) await kv.destroy(path, versions);
  }
}

export function pathOf(destination: Destination): string {
  if (destination.kind === 'vault') return destination.path;
  throw new Misconfigured(`A destination of kind '${destination.kind}' is not in a vault.`);
}
