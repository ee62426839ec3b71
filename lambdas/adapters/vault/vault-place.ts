/** Delivery to a vault: a secret per key, a KV version per key version, written by check-and-set. */
import { Misconfigured, WriteContention } from '../../core/domain/errors.ts';
import type { Destination } from '../../core/domain/key-record.ts';
import type { KeyPlace, PlacedVersion } from '../../core/ports/key-place.ts';
import type { KvV2, SecretData, SecretVersion } from './kv-v2.ts';
import {
  findVersion,
  KEY_ID,
  notesFor,
  placedSecret,
  placeName,
  placesIn,
  versionIn,
} from './placed-secret.ts';
import type { VaultClient } from './vault-client.ts';
import { VaultPathTaken } from './vault-errors.ts';
import { vaultReadiness } from './vault-readiness.ts';

/** Lost races in a row after which something else is wrong. */
const ATTEMPTS = 6;

export class VaultPlace implements KeyPlace {
  readonly #vault: VaultClient;
  readonly #kv: KvV2;
  readonly #endpoint: string | undefined;

  /** @param endpoint what clients call with the key, written beside it */
  constructor(vault: VaultClient, endpoint?: string) {
    this.#vault = vault;
    this.#kv = vault.kv;
    this.#endpoint = endpoint;
  }

  async trouble(destination: Destination): Promise<string | undefined> {
    const path = pathOf(destination);
    const { trouble } = await vaultReadiness(this.#vault, path);
    return trouble;
  }

  /** Two that write the same version at once write it once: of two by check-and-set one is told to look again. */
  put(destination: Destination, placed: PlacedVersion): Promise<void> {
    const secret = placedSecret(placed, this.#endpoint);
    return this.#makeCurrent(destination, placed, {
      isIt: ({ key }) => key === secret.key,
      data: async () => secret,
    });
  }

  /** The earlier version's data again, without what it said of the version before it. */
  restore(destination: Destination, keyId: string, version: number): Promise<void> {
    return this.#makeCurrent(
      destination,
      { keyId, version },
      {
        isIt: () => true,
        data: async () => {
          const found = await findVersion(this.#kv, pathOf(destination), keyId, version);
          if (!found) return undefined;
          const { previousExpiresAt: _past, ...earlier } = found;
          return earlier;
        },
      },
    );
  }

  /** Destroys what this key wrote, and what was deleted since: of the latter nobody can see whose it is. */
  async remove(destination: Destination, keyId: string): Promise<void> {
    const path = pathOf(destination);
    const metadata = await this.#kv.metadata(path);
    if (!metadata) return;
    const versions: number[] = [];
    const first = metadata.custom[KEY_ID] === keyId ? placesIn(metadata.custom)[0]?.kvVersion : undefined;
    for (const { version, state } of metadata.versions) {
      const deleted = state === 'deleted' && first !== undefined && version >= first;
      const own = state === 'present' && versionIn(await this.#kv.read(path, version), keyId) !== undefined;
      if (deleted || own) versions.push(version);
    }
    if (versions.length > 0) await this.#kv.destroy(path, versions);
  }

  async #makeCurrent(
    destination: Destination,
    { keyId, version }: Pick<PlacedVersion, 'keyId' | 'version'>,
    { isIt, data }: Wanted,
  ): Promise<void> {
    const path = pathOf(destination);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const current = await this.#kv.read(path);
      const there = versionIn(current, keyId);
      if (current.state === 'present' && there === undefined) throw this.#taken(path, keyId);
      if (current.state === 'present' && there === version && isIt(current.data)) {
        return this.#note(path, keyId, version, current.version);
      }
      const wanted = await data();
      if (!wanted) return;
      const written = await this.#kv.write(path, wanted, await this.#follows(current, path));
      if (written.outcome === 'written') return this.#note(path, keyId, version, written.version);
    }
    throw new WriteContention(
      `The secret '${path}' changed ${ATTEMPTS} times while a key was written to it.`,
    );
  }

  /** Check-and-set counts the versions of a secret whose newest is gone, too. */
  async #follows(current: SecretVersion, path: string): Promise<number> {
    if (current.state !== 'absent') return current.version;
    return (await this.#kv.metadata(path))?.currentVersion ?? 0;
  }

  /** Last: without it the version is found all the same, only slower. */
  async #note(path: string, keyId: string, version: number, kvVersion: number): Promise<void> {
    const metadata = await this.#kv.metadata(path);
    if (!metadata || metadata.custom[placeName(version)] === String(kvVersion)) return;
    await this.#kv.annotate(path, notesFor(keyId, version, kvVersion, metadata));
  }

  /** A path may be named by hand: what somebody else keeps there is not overwritten. */
  #taken(path: string, keyId: string): VaultPathTaken {
    return new VaultPathTaken(
      `The path '${path}' of '${this.#vault.config.mount}' holds something that is not of key ${keyId}. Move it away, or delete its newest version.`,
    );
  }
}

/** What a path is to hold. */
interface Wanted {
  /** Asked of what holds the right version already. */
  readonly isIt: (data: SecretData) => boolean;
  /** Undefined: there is nothing to be had, and what is there stays. */
  readonly data: () => Promise<SecretData | undefined>;
}

export function pathOf(destination: Destination): string {
  if (destination.kind === 'vault') return destination.path;
  throw new Misconfigured(`A destination of kind '${destination.kind}' is not in a vault.`);
}
