import { Option } from 'commander';
import { ROTATION_GROUPS, type RotationGroup } from '../../rules/words.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { keyId, limit, words } from '../options/values.ts';
import { rotationTable } from '../output/render-rotations.ts';
import type { Register } from './register.ts';

interface RotationsOptions {
  readonly status?: RotationGroup;
  readonly limit: number;
  readonly nextToken?: string;
}

/** `keyturn rotations`: of one key, or of all keys those that an operator needs to see. */
export const registerRotations: Register = (program, handle) => {
  program
    .command('rotations')
    .description('List rotations: of a key, or of all keys those that run or failed lately')
    .argument('[keyId]', "a key's public id", keyId)
    .addOption(
      new Option(
        '--status <status>',
        'rotations in this status (default: of a key all; of all keys running, and failed within seven days)',
      ).choices(ROTATION_GROUPS),
    )
    .option('--limit <count>', 'rotations on a page, 1 to 100', limit, 50)
    .option('--next-token <token>', 'the next page, as the last one named it', words)
    .action(handle(rotations));
};

async function rotations(
  run: Invocation,
  id: string | undefined,
  options: RotationsOptions,
): Promise<ExitCode> {
  const { admin } = await run.connect();
  const page = await admin.call('rotations', { ...(id === undefined ? {} : { keyId: id }), ...options });
  run.result(page, (paint, nowMs) => rotationTable(page, { ofKey: id, ...options }, paint, nowMs));
  return EXIT.done;
}
