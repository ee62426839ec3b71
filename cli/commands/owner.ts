import { Argument, Option } from 'commander';
import { LEAVABLE_KINDS } from '../../rules/mail-kinds.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { address, kinds, locale, timeZone } from '../options/mail-values.ts';
import { ownerText } from '../output/render-owner.ts';
import type { Register } from './register.ts';

interface OwnerOptions {
  readonly locale?: string;
  readonly timeZone?: string;
  readonly unsubscribe?: readonly string[];
  readonly subscribe?: readonly string[];
}

const MAY_BE_LEFT = LEAVABLE_KINDS.join(', ');

/** `keyturn owner`: how an address wants its mails. */
export const registerOwner: Register = (program, handle) => {
  program
    .command('owner')
    .description('Show how an address wants its mails; with options, set it')
    .addArgument(new Argument('<address>', 'of an owner, or of who is told beside one').argParser(address))
    .option(
      '--locale <tag>',
      'language of the words, and how dates are written: en, de, fr, es, en-US',
      locale,
    )
    .option('--time-zone <name>', 'by whose clock times are told: Europe/Berlin', timeZone)
    .addOption(
      new Option('--unsubscribe <kind>', `send no such mails there; repeatable (${MAY_BE_LEFT})`).argParser(
        kinds,
      ),
    )
    .addOption(new Option('--subscribe <kind>', 'send such mails there again; repeatable').argParser(kinds))
    .action(handle(owner));
};

async function owner(run: Invocation, of: string, options: OwnerOptions): Promise<ExitCode> {
  const { admin } = await run.connect();
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const view =
    Object.keys(given).length === 0
      ? await admin.call('owner', { address: of })
      : await admin.call('set-owner', { address: of, ...given });
  run.result(view, (paint) => ownerText(view, paint));
  return EXIT.done;
}
