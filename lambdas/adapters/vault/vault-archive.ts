/** Backups of a vault's versions in S3, each key in an envelope of its own, and the way back. */
import type { Destination } from '../../core/domain/key-record.ts';
import type { KeyArchive, Restored, RestoreOrder } from '../../core/ports/key-archive.ts';
import type { DataKeyEnvelope } from '../kms/data-key-envelope.ts';
import type { BackupObjects } from '../s3/backup-objects.ts';
import type { SecretData } from './kv-v2.ts';
import { makeCurrent } from './make-current.ts';
import { findVersion, isNote, versionIn, withoutPast } from './placed-secret.ts';
import type { SecretMetadata } from './secret-metadata.ts';
import { type Backup, backupIdIn, nameOf, openBackup, sealBackup, startOf } from './vault-backup.ts';
import type { VaultClient } from './vault-client.ts';
import { pathOf } from './vault-place.ts';

export interface VaultArchiveDeps {
  readonly vault: VaultClient;
  readonly objects: BackupObjects;
  readonly envelope: DataKeyEnvelope;
  readonly clock: () => number;
}

export class VaultArchive implements KeyArchive {
  readonly #deps: VaultArchiveDeps;

  constructor(deps: VaultArchiveDeps) {
    this.#deps = deps;
  }

  async backUp(destination: Destination, keyId: string, backupId: string): Promise<number> {
    const { vault, objects, envelope, clock } = this.#deps;
    const path = pathOf(destination);
    const metadata = await vault.kv.metadata(path);
    const versions = metadata ? await this.#versionsOf(path, keyId, metadata) : [];
    if (!metadata || versions.length === 0) return 0;
    const { maxVersions, casRequired, custom } = metadata;
    const takenAt = new Date(clock()).toISOString();
    const settings = { maxVersions, casRequired, custom };
    const backup: Backup = { format: 1, keyId, path, takenAt, settings, versions };
    await objects.put(nameOf(keyId, backupId), await sealBackup(envelope, backup, backupId));
    return versions.length;
  }

  async restore(destination: Destination, keyId: string, order: RestoreOrder): Promise<Restored> {
    const { vault } = this.#deps;
    const path = pathOf(destination);
    const found = await this.#find(keyId, order.backupId);
    if ('outcome' in found) return found;
    const { backup, backupId } = found;
    const saved = await this.#acceptedOf(path, keyId, order.accepted, backup);
    const [current] = saved;
    if (!current) return { outcome: 'none-accepted', backupId };
    const there = versionIn(await vault.kv.read(path), keyId);
    if (there === current.version) return { outcome: 'already-there', current: current.version };
    if (!(await vault.kv.metadata(path))) await vault.kv.configure(path, settingsOf(backup));
    const written: number[] = [];
    // The accepted one last: it is what clients find from then on.
    for (const { version, data, missing } of [...saved].reverse()) {
      if (version !== current.version && !missing) continue;
      const wanted = { keyId, version, data: async () => withoutPast(data) };
      if (await makeCurrent(vault, path, wanted)) written.push(version);
    }
    return { outcome: 'restored', backupId, written, current: current.version };
  }

  async #versionsOf(
    path: string,
    keyId: string,
    { versions }: SecretMetadata,
  ): Promise<Backup['versions'][number][]> {
    const present = versions.filter(({ state }) => state === 'present');
    const read = await Promise.all(
      present.map(async ({ version, createdAt }) => {
        const found = await this.#deps.vault.kv.read(path, version);
        const own = found.state === 'present' && versionIn(found, keyId) !== undefined;
        return own ? [{ kvVersion: version, createdAt, data: found.data }] : [];
      }),
    );
    return read.flat();
  }

  async #find(
    keyId: string,
    asked: string | undefined,
  ): Promise<{ readonly backup: Backup; readonly backupId: string } | Restored> {
    const { objects, envelope } = this.#deps;
    const name = asked === undefined ? await objects.newest(startOf(keyId)) : nameOf(keyId, asked);
    const text = name === undefined ? undefined : await objects.get(name);
    if (name === undefined || text === undefined) return { outcome: 'no-backup' };
    const backupId = backupIdIn(name);
    const backup = await openBackup(envelope, text, keyId, backupId);
    return backup ? { backup, backupId } : { outcome: 'broken', backupId };
  }

  /** The accepted versions that can be had, the newest first; those that the vault still has are not missing. */
  async #acceptedOf(path: string, keyId: string, accepted: readonly number[], { versions }: Backup) {
    const saved: { readonly version: number; readonly data: SecretData; readonly missing: boolean }[] = [];
    for (const version of accepted) {
      const kept = await findVersion(this.#deps.vault.kv, path, keyId, version);
      const data = kept ?? versions.findLast((each) => each.data['version'] === version)?.data;
      if (data) saved.push({ version, data, missing: kept === undefined });
    }
    return saved;
  }
}

/** Notes of Keyturn's own are made anew, since versions get other numbers. */
const settingsOf = ({ settings }: Backup): Backup['settings'] => ({
  ...settings,
  custom: Object.fromEntries(Object.entries(settings.custom).filter(([name]) => !isNote(name))),
});
