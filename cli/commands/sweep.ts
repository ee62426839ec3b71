import { EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { sweepPreview, sweepReport } from '../output/render-sweep.ts';
import type { Register } from './register.ts';

/** `keyturn sweep`: starts the rotations that are due now, or shows which they are. */
export const registerSweep: Register = (program, handle) => {
  program
    .command('sweep')
    .description('Start the rotations that are due now')
    .option('--preview', 'show what would be started and what not, and start nothing', false)
    .action(handle(sweep));
};

async function sweep(run: Invocation, { preview }: { readonly preview: boolean }): Promise<ExitCode> {
  const { admin } = await run.connect();
  if (preview) {
    const page = await admin.call('preview-sweep', {});
    run.result(page, (paint, nowMs) => sweepPreview(page, paint, nowMs));
    return EXIT.done;
  }
  const report = await admin.call('sweep', {});
  run.result(report, (paint) => sweepReport(report, paint));
  return report.failed > 0 ? EXIT.failed : EXIT.done;
}
