/** Backs up what a vault holds for a key, and brings it back when the vault has lost it. */
import type { Actor, AuditAction, AuditEntry } from '../domain/audit-event.ts';
import { type KeyRecord, versionWith } from '../domain/key-record.ts';
import type { Clock } from '../ports/ambient.ts';
import type { KeyArchive, Restored } from '../ports/key-archive.ts';
import type { KeyStore } from '../ports/key-store.ts';
import type { SecurityAlarm } from '../ports/security-alarm.ts';
import { recordOnKey } from './record-on-key.ts';

export interface ArchiveDeps {
  readonly store: KeyStore;
  readonly archive: KeyArchive;
  readonly alarm: SecurityAlarm;
  readonly clock: Clock;
}

type NotArchived = { readonly outcome: 'unknown-key' | 'revoked' | 'not-in-a-vault' };
export type BackupOutcome = NotArchived | { readonly outcome: 'backed-up'; readonly versions: number };
export type RestoreOutcome = NotArchived | Restored;

export async function backUpKey(
  deps: ArchiveDeps,
  keyId: string,
  { backupId, actor }: { readonly backupId: string; readonly actor: Actor },
): Promise<BackupOutcome> {
  const found = placedKey(await deps.store.find(keyId));
  if ('outcome' in found) return found;
  const versions = await deps.archive.backUp(found.destination, keyId, backupId);
  if (versions > 0) await record(deps, keyId, actor, 'key.backed-up', { backup: backupId, versions });
  return { outcome: 'backed-up', versions };
}

/** A key that is refused is not brought back; a backup that does not open is a security event of its key. */
export async function restoreKey(
  deps: ArchiveDeps,
  keyId: string,
  { backupId, actor }: { readonly backupId?: string; readonly actor: Actor },
): Promise<RestoreOutcome> {
  const found = placedKey(await deps.store.find(keyId));
  if ('outcome' in found) return found;
  const restored = await deps.archive.restore(found.destination, keyId, {
    accepted: acceptedIn(found),
    ...(backupId === undefined ? {} : { backupId }),
  });
  if (restored.outcome === 'broken') {
    deps.alarm.sealBroken({ keyId, backup: restored.backupId });
    await record(deps, keyId, actor, 'security.seal-broken', { backup: restored.backupId });
  }
  if (restored.outcome === 'restored') {
    const { backupId: backup, current } = restored;
    await record(deps, keyId, actor, 'version.restored', { backup, version: current });
  }
  return restored;
}

type PlacedKey = KeyRecord & { readonly destination: NonNullable<KeyRecord['destination']> };

function placedKey(record: KeyRecord | undefined): PlacedKey | NotArchived {
  if (!record) return { outcome: 'unknown-key' };
  if (record.status === 'revoked') return { outcome: 'revoked' };
  const { destination } = record;
  return destination?.kind === 'vault' ? { ...record, destination } : { outcome: 'not-in-a-vault' };
}

const acceptedIn = (record: KeyRecord): readonly number[] =>
  (['active', 'deprecating'] as const).flatMap((status) => versionWith(record, status)?.version ?? []);

/** Nothing of the key's own record changes: what happened outside it is on record. */
const record = (
  { store, clock }: ArchiveDeps,
  keyId: string,
  actor: Actor,
  action: AuditAction,
  detail: AuditEntry['detail'],
): Promise<boolean> => recordOnKey(store, keyId, { action, actor, atMs: clock(), detail });
