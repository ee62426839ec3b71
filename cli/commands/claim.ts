import { EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { keyId } from '../options/values.ts';
import { secretBlock } from '../output/render-secret.ts';
import type { Register } from './register.ts';

/** `keyturn claim`: takes the new key of a rotation that was started elsewhere, once. */
export const registerClaim: Register = (program, handle) => {
  program
    .command('claim')
    .description('Take the new key of a rotation that was started elsewhere, once')
    .argument('<keyId>', "the key's public id", keyId)
    .action(handle(claim));
};

async function claim(run: Invocation, id: string): Promise<ExitCode> {
  const { admin } = await run.connect();
  const claimed = await admin.call('claim', { keyId: id });
  run.result(
    claimed,
    (paint) =>
      `Key ${paint.bold(claimed.keyId)}, version ${claimed.version}\n\n${secretBlock(claimed.key, paint)}`,
  );
  return EXIT.done;
}
