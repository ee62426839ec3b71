import { badUsage, EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { mailAddresses } from '../options/mail-values.ts';
import { keyId } from '../options/values.ts';
import { recipientsText } from '../output/render-owner.ts';
import type { Register } from './register.ts';

interface RecipientsOptions {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/** `keyturn recipients`: who is told of a key beside its owner. */
export const registerRecipients: Register = (program, handle) => {
  program
    .command('recipients')
    .description('Change who is told of a key beside its owner, ten at most')
    .argument('<keyId>', "the key's public id", keyId)
    .option('--add <address>', 'tell this address too; repeatable', mailAddresses)
    .option('--remove <address>', 'tell this address no longer; repeatable', mailAddresses)
    .action(handle(recipients));
};

async function recipients(
  run: Invocation,
  id: string,
  { add, remove }: RecipientsOptions,
): Promise<ExitCode> {
  if (!add && !remove) {
    throw badUsage(
      "Neither '--add' nor '--remove' is given.",
      `Give one; 'keyturn show ${id}' shows who is told.`,
    );
  }
  const { admin } = await run.connect();
  const view = await admin.call('set-recipients', {
    keyId: id,
    ...(add ? { add } : {}),
    ...(remove ? { remove } : {}),
  });
  run.result(view, (paint) => recipientsText(view, paint));
  return EXIT.done;
}
