import { Option } from 'commander';
import { KEY_STATUSES, type KeyStatus } from '../../rules/words.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { ownerAddress } from '../options/mail-values.ts';
import { limit, words } from '../options/values.ts';
import { keyTable } from '../output/render-key.ts';
import type { Register } from './register.ts';

interface ListOptions {
  readonly owner?: string;
  readonly status?: KeyStatus | 'all';
  readonly limit: number;
  readonly nextToken?: string;
}

/** `keyturn list`: one page of keys. */
export const registerList: Register = (program, handle) => {
  program
    .command('list')
    .description('List keys')
    .option('--owner <address>', "this owner's keys alone", ownerAddress)
    .addOption(
      new Option('--status <status>', 'keys in this status (default: all but revoked)').choices([
        ...KEY_STATUSES,
        'all',
      ]),
    )
    .option('--limit <count>', 'keys on a page, 1 to 100', limit, 50)
    .option('--next-token <token>', 'the next page, as the last one named it', words)
    .action(handle(list));
};

async function list(run: Invocation, options: ListOptions): Promise<ExitCode> {
  const { admin } = await run.connect();
  const page = await admin.call('list', options);
  run.result(page, (paint, nowMs) => keyTable(page, options, paint, nowMs));
  return EXIT.done;
}
