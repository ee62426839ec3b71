/** What is said of a vault, as people read it. */
import type {
  VaultBackupView,
  VaultRestoreView,
  VaultStatusView,
} from '../../lambdas/functions/admin/vault-contract.ts';
import type { Paint } from './paint.ts';
import { block, type Column, table } from './table.ts';

interface FailedKey {
  readonly keyId: string;
  readonly message: string;
}

export function vaultStatus(found: VaultStatusView, paint: Paint): string {
  const facts = block(
    [
      ['vault', found.address],
      ['namespace', found.namespace],
      ['mount', found.mount],
      ['state', found.state],
      ['version', found.version],
      ['backups', found.backupBucket],
    ],
    paint.dim,
  );
  return `${facts}\n${found.trouble === null ? '' : `\n${paint.warn(found.trouble)}\n`}`;
}

export function backupReport(
  report: {
    readonly backupId: string;
    readonly keys: readonly VaultBackupView[];
    readonly failed: readonly FailedKey[];
  },
  paint: Paint,
): string {
  const columns: readonly Column<VaultBackupView>[] = [
    { title: 'KEY ID', value: ({ keyId }) => keyId, paint: (cell) => paint.bold(cell) },
    { title: 'VERSIONS', value: ({ versions }) => (versions === 0 ? 'none in the vault' : String(versions)) },
  ];
  const keys =
    report.keys.length === 0 ? 'No key was backed up.' : table(columns, report.keys, paint.dim).trimEnd();
  return `Backup ${report.backupId}\n${keys}\n${failures(report.failed, paint)}`;
}

export function restoreReport(
  { keys, failed }: { readonly keys: readonly VaultRestoreView[]; readonly failed: readonly FailedKey[] },
  paint: Paint,
): string {
  const columns: readonly Column<VaultRestoreView>[] = [
    { title: 'KEY ID', value: ({ keyId }) => keyId, paint: (cell) => paint.bold(cell) },
    { title: 'CLIENTS FIND', value: ({ version }) => `version ${version}` },
    { title: 'RESTORED', value: ({ written, backupId }) => restoredFrom(written, backupId) },
  ];
  const done = keys.length === 0 ? 'No key was restored.' : table(columns, keys, paint.dim).trimEnd();
  return `${done}\n${failures(failed, paint)}`;
}

const restoredFrom = (written: readonly number[], backupId: string | null): string =>
  backupId === null ? 'nothing: it was there' : `${written.join(', ')} from ${backupId}`;

const failures = (failed: readonly FailedKey[], paint: Paint): string =>
  failed.map(({ keyId, message }) => `${paint.warn(`${keyId}: ${message}`)}\n`).join('');
