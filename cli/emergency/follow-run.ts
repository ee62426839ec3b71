/** Follows an emergency of many keys to its end on one live line, then reports. */
import type { EmergencyRunView } from '../../lambdas/functions/admin/emergency-contract.ts';
import type { AdminClient } from '../admin-client.ts';
import { CliError, EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { emergencyRun, runLine } from '../output/render-emergency-run.ts';
import { readKeys } from './read-run.ts';

const CLEAR_LINE = '\r\u001b[2K';

/** The keys of a run that goes on are counted at each look: the more there are, the less often. */
const pollMs = ({ totals }: EmergencyRunView): number =>
  Math.min(30_000, Math.max(1_000, (totals?.keys ?? 0) / 2));

/** @throws CliError when the operator stops following: the run goes on */
export function followRun(run: Invocation, admin: AdminClient, started: EmergencyRunView): Promise<ExitCode> {
  run.progress(`Emergency ${started.runId} runs. Look at it again: keyturn emergency --run ${started.runId}`);
  return run.context.interruptible(async (signal) => {
    const { sleep, stderr } = run.context;
    const show = liveLine(run);
    let last = started;
    show(last);
    while (last.status === 'running' && !signal.aborted) {
      await sleep(pollMs(last), signal);
      if (signal.aborted) break;
      last = await admin.call('emergency-run', { runId: started.runId });
      show(last);
    }
    if (stderr.isTTY) stderr.write('\n');
    if (last.status === 'running') throw stopped(started);
    return report(run, admin, last);
  });
}

/** The whole run as the command's result; done only if every key ended as it should. */
export async function report(run: Invocation, admin: AdminClient, view: EmergencyRunView): Promise<ExitCode> {
  const whole = await readKeys(admin, view);
  run.result(whole, (paint, nowMs) => emergencyRun(whole, paint, nowMs));
  return view.status === 'completed' ? EXIT.done : EXIT.failed;
}

function liveLine({ context }: Invocation): (view: EmergencyRunView) => void {
  const { stderr, now } = context;
  let shown: string | undefined;
  return (view) => {
    if (stderr.isTTY) {
      stderr.write(`${CLEAR_LINE}${runLine(view, now())}`);
      return;
    }
    // Where lines cannot be rewritten, the clock alone is no news.
    const state = JSON.stringify([view.status, view.totals]);
    if (state !== shown) stderr.write(`${runLine(view, now())}\n`);
    shown = state;
  };
}

const stopped = ({ runId }: EmergencyRunView): CliError =>
  new CliError(
    'interrupted',
    'Stopped following; the emergency goes on.',
    `Look at it again with 'keyturn emergency --run ${runId}'.`,
  );
