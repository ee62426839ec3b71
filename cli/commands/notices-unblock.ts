import { EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { words } from '../options/values.ts';
import type { Paint } from '../output/paint.ts';
import type { Register } from './register.ts';

/** `keyturn notices unblock`: an address that mail came back from gets everything again. */
export const registerUnblock: Register = (notices, handle) => {
  notices
    .command('unblock')
    .description('Send everything again to an address that mail came back from')
    .argument('<address>', 'as `keyturn show` names it', words)
    .requiredOption('--reason <text>', 'why, for the audit', words)
    .action(handle(unblock));
};

async function unblock(run: Invocation, address: string, { reason }: { reason: string }): Promise<ExitCode> {
  const { admin } = await run.connect();
  const lifted = await admin.call('unblock-mail', { address, reason });
  run.result(lifted, (paint) => unblockedText(lifted.address, paint));
  return EXIT.done;
}

/** Amazon SES has a list of its own, which is the account's and not this deployment's to change. */
const unblockedText = (address: string, paint: Paint): string =>
  `Mail to ${address} is sent again.\n${paint.dim(
    `If it comes back as suppressed: aws sesv2 delete-suppressed-destination --email-address ${address}`,
  )}\n`;
