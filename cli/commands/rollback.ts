import type { KeyView } from '../../lambdas/functions/admin/contract.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { confirm, type Invocation, requireConsent } from '../invocation.ts';
import { keyId, words } from '../options/values.ts';
import { keyView } from '../output/render-key.ts';
import type { Register } from './register.ts';

/** `keyturn rollback`: a rotation is taken back while the old version is still accepted. */
export const registerRollback: Register = (program, handle) => {
  program
    .command('rollback')
    .description('Take a rotation back: the old version is valid again, the new one is refused')
    .argument('<keyId>', "the key's public id", keyId)
    .requiredOption('--reason <text>', 'why, for the audit', words)
    .action(handle((run, id: string, { reason }: { readonly reason: string }) => rollback(run, id, reason)));
};

async function rollback(run: Invocation, id: string, reason: string): Promise<ExitCode> {
  requireConsent(run);
  const { admin } = await run.connect();
  if (!run.options.yes) await confirm(run, question(await admin.call('show', { keyId: id })));
  const key = await admin.call('rollback', { keyId: id, reason });
  run.result(key, (paint, nowMs) => keyView(key, paint, nowMs));
  return EXIT.done;
}

function question({ keyId: id, name, owner, versions }: KeyView): string {
  const of = `key ${id} ('${name}' of ${owner})`;
  const old = versions.find(({ status }) => status === 'deprecating');
  const fresh = versions.find(({ status }) => status === 'active');
  if (!old || !fresh) return `Take back the rotation of ${of}?`;
  const users = fresh.lastUsedAt ? `, last used ${fresh.lastUsedAt},` : '';
  return `Refuse version ${fresh.version} of ${of}${users} and go back to version ${old.version}?`;
}
