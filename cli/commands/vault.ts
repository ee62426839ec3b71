import { Argument } from 'commander';
import type { KeySummary } from '../../lambdas/functions/admin/contract.ts';
import type { VaultBackupView, VaultRestoreView } from '../../lambdas/functions/admin/vault-contract.ts';
import type { AdminClient } from '../admin-client.ts';
import { badUsage, CliError, EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { keyId, words } from '../options/values.ts';
import { backupReport, restoreReport, vaultStatus } from '../output/render-vault.ts';
import type { Register } from './register.ts';

interface VaultOptions {
  readonly all: boolean;
  readonly backup?: string;
}

type Action = 'status' | 'backup' | 'restore';

/** `keyturn vault`: whether keys can be delivered to it, backups of what it holds, and the way back. */
export const registerVault: Register = (program, handle) => {
  program
    .command('vault')
    .description('Look after the vault that keys are delivered to')
    .addArgument(new Argument('<action>', 'what to do').choices(['status', 'backup', 'restore']))
    .argument('[keyId]', 'of backup and restore: one key', keyId)
    .option('--all', 'of backup and restore: every key that is delivered to the vault', false)
    .option(
      '--backup <id>',
      'of backup: its name (default: the time); of restore: which (default: the newest)',
      words,
    )
    .action(handle(vault));
};

async function vault(
  run: Invocation,
  action: Action,
  id: string | undefined,
  options: VaultOptions,
): Promise<ExitCode> {
  checkUsage(action, id, options);
  const { admin } = await run.connect();
  if (action === 'status') return status(run, admin);
  const keyIds = id === undefined ? await deliveredToVault(admin) : [id];
  return action === 'backup'
    ? backUp(run, admin, keyIds, options.backup ?? nameOf(run.context.now()))
    : restore(run, admin, keyIds, options.backup);
}

function checkUsage(action: Action, id: string | undefined, { all, backup }: VaultOptions): void {
  if (action === 'status') {
    if (id === undefined && !all && backup === undefined) return;
    throw badUsage("'vault status' is of no key.", 'Leave out the key and the options.');
  }
  if (id === undefined && !all) throw badUsage('It is not said which key.', 'Give its id, or --all.');
  if (id !== undefined && all) throw badUsage('Both a key and --all are given.', 'Give one of them.');
}

async function status(run: Invocation, admin: AdminClient): Promise<ExitCode> {
  const found = await admin.call('vault-status', {});
  run.result(found, (paint) => vaultStatus(found, paint));
  return found.ready ? EXIT.done : EXIT.failed;
}

async function backUp(
  run: Invocation,
  admin: AdminClient,
  keyIds: readonly string[],
  backupId: string,
): Promise<ExitCode> {
  const { done, failed } = await each<VaultBackupView>(keyIds, (id) =>
    admin.call('vault-backup', { keyId: id, backupId }),
  );
  const report = { backupId, keys: done, failed };
  run.result(report, (paint) => backupReport(report, paint));
  return failed.length > 0 ? EXIT.failed : EXIT.done;
}

async function restore(
  run: Invocation,
  admin: AdminClient,
  keyIds: readonly string[],
  backupId: string | undefined,
): Promise<ExitCode> {
  const { done, failed } = await each<VaultRestoreView>(keyIds, (id) =>
    admin.call('vault-restore', { keyId: id, ...(backupId === undefined ? {} : { backupId }) }),
  );
  const report = { keys: done, failed };
  run.result(report, (paint) => restoreReport(report, paint));
  return failed.length > 0 ? EXIT.failed : EXIT.done;
}

export interface FailedKey {
  readonly keyId: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** One key that fails does not keep the others back; one that was asked for alone fails the command. */
async function each<Done>(
  keyIds: readonly string[],
  act: (keyId: string) => Promise<Done>,
): Promise<{ readonly done: readonly Done[]; readonly failed: readonly FailedKey[] }> {
  const done: Done[] = [];
  const failed: FailedKey[] = [];
  for (const id of keyIds) {
    try {
      done.push(await act(id));
    } catch (error) {
      if (!(error instanceof CliError) || keyIds.length === 1 || isOfTheCommand(error)) throw error;
      failed.push({ keyId: id, code: error.code, message: error.message, hint: error.hint });
    }
  }
  return { done, failed };
}

/** What is wrong with the command is wrong for each key. */
const isOfTheCommand = ({ exitCode, code }: CliError): boolean =>
  exitCode === EXIT.usage || code === 'not-configured';

async function deliveredToVault(admin: AdminClient): Promise<readonly string[]> {
  const found: KeySummary[] = [];
  let nextToken: string | null = null;
  do {
    const page: { readonly keys: readonly KeySummary[]; readonly nextToken: string | null } =
      await admin.call('list', { limit: 100, ...(nextToken === null ? {} : { nextToken }) });
    found.push(...page.keys);
    nextToken = page.nextToken;
  } while (nextToken !== null);
  return found.filter(({ delivery }) => delivery === 'vault').map((key) => key.keyId);
}

/** Such as `2026-11-23T14-00-00Z`: in the order of time, and a name for S3. */
const nameOf = (nowMs: number): string =>
  `${new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
