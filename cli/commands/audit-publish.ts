import type { Command } from 'commander';
import type { PublishedEvents } from '../../lambdas/functions/admin/publish-contract.ts';
import { badUsage, EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { pastPeriod } from '../options/past-period.ts';
import { words } from '../options/values.ts';
import { inheritedOptions } from './inherited-options.ts';
import type { Register } from './register.ts';

interface PublishOptions {
  readonly from?: string;
  readonly to?: string;
}

/** `keyturn audit publish`: after `audit` itself, whose command it is. */
export const registerAuditPublish: Register = (program, handle) => {
  const audit = program.commands.find((command) => command.name() === 'audit') as Command;
  audit
    .command('publish')
    .description('Tell the event bus, security and webhooks again of the events of a period')
    .option('--from <time>', 'from then on: 2026-11-01, 2026-11-01T18:00Z, or PT2H back from now', words)
    .option('--to <time>', 'until before then; a day is in until its end', words)
    .action(handle(publish));
};

async function publish(run: Invocation, _own: unknown, command: Command): Promise<ExitCode> {
  const { from, to } = inheritedOptions<PublishOptions>(command, ['from', 'to']);
  if (from === undefined)
    throw badUsage(
      '--from is not given.',
      "Give --from, such as 'keyturn audit publish --from PT2H': when the first of the events was that were given up on.",
    );
  const period = { from, ...(to === undefined ? {} : { to }) };
  pastPeriod(period, run.context.now());
  const { admin } = await run.connect();
  let [told, untold] = [0, 0];
  let nextToken: string | undefined;
  do {
    const page: PublishedEvents = await admin.call('publish-events', {
      ...period,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    told += page.told;
    untold += page.untold;
    nextToken = page.nextToken ?? undefined;
  } while (nextToken !== undefined);
  run.result({ told, untold }, (paint) =>
    untold === 0
      ? `${paint.good('✓')} ${told} events were told again.`
      : `${told} events were told again, ${untold} could not be. The log of the publish function says why.`,
  );
  return untold === 0 ? EXIT.done : EXIT.failed;
}
