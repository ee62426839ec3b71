import { Option } from 'commander';
import { badUsage, EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { futureTime, keyId, words } from '../options/values.ts';
import { keyView } from '../output/render-key.ts';
import type { Register } from './register.ts';

interface ExemptOptions {
  readonly reason: string;
  readonly until?: string;
  readonly end: boolean;
}

/** `keyturn exempt`: a key is passed over by the sweep for a time, or no longer. */
export const registerExempt: Register = (program, handle) => {
  program
    .command('exempt')
    .description('Keep a key from scheduled rotation for a time')
    .argument('<keyId>', "the key's public id", keyId)
    .requiredOption('--reason <text>', 'why, for the audit', words)
    .option(
      '--until <time>',
      'a time such as 2027-01-31, or a duration such as P30D; a year at most',
      futureTime,
    )
    .addOption(new Option('--end', 'end the exemption now').default(false).conflicts('until'))
    .action(handle(exempt));
};

async function exempt(run: Invocation, id: string, { reason, until, end }: ExemptOptions): Promise<ExitCode> {
  if (until === undefined && !end) {
    throw badUsage(
      "Option '--until' is missing.",
      "Give --until <time>, or --end; see 'keyturn exempt --help'.",
    );
  }
  const { admin } = await run.connect();
  const key =
    until === undefined
      ? await admin.call('unexempt', { keyId: id, reason })
      : await admin.call('exempt', { keyId: id, reason, until });
  run.result(key, (paint, nowMs) => keyView(key, paint, nowMs));
  return EXIT.done;
}
