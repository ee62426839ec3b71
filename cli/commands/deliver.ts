import { Option } from 'commander';
import { DELIVERIES } from '../../rules/words.ts';
import { badUsage, EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { keyId } from '../options/values.ts';
import { deliveredVersion } from '../output/render-delivery.ts';
import type { Register } from './register.ts';

interface DeliverOptions {
  readonly again: boolean;
  readonly by?: string;
}

/** `keyturn deliver`: a new key that has not reached its owner is offered once more, or by another way. */
export const registerDeliver: Register = (program, handle) => {
  program
    .command('deliver')
    .description('Offer a new key that has not reached its owner once more, or by another way')
    .argument('<keyId>', "the key's public id", keyId)
    .option('--again', "by the key's own delivery", false)
    .addOption(
      new Option('--by <way>', 'by this one instead, this once').choices(DELIVERIES).conflicts('again'),
    )
    .action(handle(deliver));
};

async function deliver(run: Invocation, id: string, { again, by }: DeliverOptions): Promise<ExitCode> {
  if (!again && by === undefined) {
    throw badUsage('It is not said how to deliver.', 'Add --again, or --by and another way.');
  }
  const { admin } = await run.connect();
  const delivered = await admin.call('deliver', { keyId: id, ...(by === undefined ? {} : { by }) });
  run.result(delivered, (paint, nowMs) => deliveredVersion(delivered, paint, nowMs));
  return EXIT.done;
}
