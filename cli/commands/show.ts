import { EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { keyId } from '../options/values.ts';
import { keyView } from '../output/render-key.ts';
import type { Register } from './register.ts';

/** `keyturn show`: one key with its versions and its running rotation. */
export const registerShow: Register = (program, handle) => {
  program
    .command('show')
    .description('Show a key, its versions and its running rotation')
    .argument('<keyId>', "the key's public id", keyId)
    .action(handle(show));
};

async function show(run: Invocation, id: string): Promise<ExitCode> {
  const { admin } = await run.connect();
  const key = await admin.call('show', { keyId: id });
  run.result(key, (paint, nowMs) => keyView(key, paint, nowMs));
  return EXIT.done;
}
