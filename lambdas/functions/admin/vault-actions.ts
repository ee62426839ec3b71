/** What operators ask of the vault: is it well, back up a key, bring one back. One key a call, so that each is bounded. */
import { vaultReadiness } from '../../adapters/vault/vault-readiness.ts';
import type { Actor } from '../../core/domain/audit-event.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import { backUpKey, restoreKey } from '../../core/use-cases/archive-key.ts';
import { NO_VAULT } from '../delivery.ts';
import type { Answer } from './actions.ts';
import { brokenSeal, failure, revokedKey, success, unknownKey } from './outcomes.ts';
import type { VaultBackupInput } from './vault-contract.ts';
import type { VaultDesk } from './vault-desk.ts';

const BACKUP_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export async function vaultStatus(desk: VaultDesk | undefined): Answer<'vault-status'> {
  if (!desk) return notConfigured();
  const { client, settings } = desk;
  const { health, trouble } = await vaultReadiness(client);
  return success({
    address: settings.address,
    namespace: settings.namespace ?? null,
    mount: settings.mount,
    state: health.state,
    version: health.version ?? null,
    ready: trouble === undefined,
    trouble: trouble ?? null,
    backupBucket: settings.backupBucket,
  });
}

export async function backUpVault(
  desk: VaultDesk | undefined,
  { keyId, backupId }: VaultBackupInput,
  actor: Actor,
): Answer<'vault-backup'> {
  if (!desk) return notConfigured();
  if (!isBackupId(backupId)) return badBackupId(backupId);
  if (!isKeyId(keyId)) return unknownKey(keyId);
  const backedUp = await backUpKey(desk, keyId, { backupId, actor });
  if (backedUp.outcome !== 'backed-up') return refusalOf(backedUp.outcome, keyId);
  return success({ keyId, backupId, versions: backedUp.versions });
}

export async function restoreVault(
  desk: VaultDesk | undefined,
  { keyId, backupId }: Partial<VaultBackupInput> & { readonly keyId: string },
  actor: Actor,
): Answer<'vault-restore'> {
  if (!desk) return notConfigured();
  if (backupId !== undefined && !isBackupId(backupId)) return badBackupId(backupId);
  if (!isKeyId(keyId)) return unknownKey(keyId);
  const restored = await restoreKey(desk, keyId, { actor, ...(backupId === undefined ? {} : { backupId }) });
  switch (restored.outcome) {
    case 'restored': {
      const { current, written } = restored;
      return success({ keyId, backupId: restored.backupId, version: current, written });
    }
    case 'already-there':
      return success({ keyId, backupId: null, version: restored.current, written: [] });
    case 'broken':
      return brokenSeal(
        `Backup ${restored.backupId} of '${keyId}' does not open: it is not what was backed up.`,
      );
    case 'no-backup':
      return nothingToRestore(
        `There is no backup ${backupId === undefined ? '' : `'${backupId}' `}of key '${keyId}'.`,
      );
    case 'none-accepted':
      return nothingToRestore(
        `Backup ${restored.backupId} of '${keyId}' is older than every version that is accepted.`,
      );
    default:
      return refusalOf(restored.outcome, keyId);
  }
}

const isBackupId = (value: unknown): boolean => typeof value === 'string' && BACKUP_ID.test(value);

const badBackupId = (backupId: unknown) =>
  failure(
    'bad-request',
    `backupId '${String(backupId).slice(0, 80)}' is none.`,
    'Give up to 64 letters, digits, hyphens and underscores, such as 2026-11-23T14-00-00Z.',
  );

const notConfigured = () =>
  failure('not-configured', NO_VAULT, "The README's configuration table says what it takes.");

const nothingToRestore = (message: string) =>
  failure(
    'nothing-to-restore',
    message,
    'Name another backup, or rotate the key: the new version goes to the vault.',
  );

function refusalOf(outcome: 'unknown-key' | 'revoked' | 'not-in-a-vault', keyId: string) {
  if (outcome === 'unknown-key') return unknownKey(keyId);
  if (outcome === 'revoked') return revokedKey(keyId);
  return failure(
    'bad-request',
    `Key '${keyId}' is not delivered to the vault.`,
    'See how it is delivered with `keyturn show`.',
  );
}
