import { EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { words } from '../options/values.ts';
import { pepperTable } from '../output/render-pepper.ts';
import { runPepper } from '../pepper/run-pepper.ts';
import type { Register } from './register.ts';

interface RunOptions {
  readonly reason?: string;
  readonly watch: boolean;
}

/** `keyturn pepper`: which peppers there are; rotate it, or drop those that nothing needs. */
export const registerPepper: Register = (program, handle) => {
  const pepper = program
    .command('pepper')
    .description('Show, rotate and clean up the peppers under which keys are hashed')
    .action(handle(show));
  pepper
    .command('rotate')
    .description('Hash new versions under a new pepper; no key is refused')
    .option('--reason <text>', 'why, for the audit', words)
    .option('--watch', 'follow it to its end, some minutes', false)
    .action(handle((run: Invocation, options: RunOptions) => runPepper(run, 'rotate-pepper', options)));
  pepper
    .command('clean')
    .description('Drop peppers that no version of a key needs any more')
    .option('--reason <text>', 'why, for the audit', words)
    .option('--watch', 'follow it to its end, some minutes', false)
    .action(handle((run: Invocation, options: RunOptions) => runPepper(run, 'clean-pepper', options)));
};

async function show(run: Invocation): Promise<ExitCode> {
  const { admin } = await run.connect();
  const view = await admin.call('pepper', {});
  run.result(view, (paint, nowMs) => pepperTable(view, paint, nowMs));
  return EXIT.done;
}
