import { EXIT, type ExitCode } from '../exit.ts';
import { confirm, type Invocation, requireConsent } from '../invocation.ts';
import { keyId, words } from '../options/values.ts';
import { keyView } from '../output/render-key.ts';
import type { Register } from './register.ts';

type StatusAction = 'disable' | 'enable' | 'revoke';

const DESCRIPTIONS: Readonly<Record<StatusAction, string>> = {
  disable: 'Refuse a key until it is enabled again',
  enable: 'Accept a disabled key again',
  revoke: 'Refuse a key for good',
};

/** `keyturn disable`, `enable` and `revoke`: the status of a key as a whole. */
export const registerStatus: Register = (program, handle) => {
  for (const action of ['disable', 'enable', 'revoke'] as const) {
    program
      .command(action)
      .description(DESCRIPTIONS[action])
      .argument('<keyId>', "the key's public id", keyId)
      .requiredOption('--reason <text>', 'why, for the audit', words)
      .action(
        handle((run, id: string, { reason }: { readonly reason: string }) =>
          changeStatus(run, action, id, reason),
        ),
      );
  }
};

async function changeStatus(
  run: Invocation,
  action: StatusAction,
  id: string,
  reason: string,
): Promise<ExitCode> {
  if (action === 'revoke') requireConsent(run);
  const { admin } = await run.connect();
  if (action === 'revoke' && !run.options.yes) {
    const { name, owner, environment } = await admin.call('show', { keyId: id });
    await confirm(run, `Refuse key ${id} ('${name}' of ${owner}, ${environment}) for good?`);
  }
  const key = await admin.call(action, { keyId: id, reason });
  run.result(key, (paint, nowMs) => keyView(key, paint, nowMs));
  return EXIT.done;
}
