/** Starts a rotation of the pepper or a clean-up, and follows it if asked. */
import type { PepperRunView, PepperView } from '../../lambdas/functions/admin/pepper-contract.ts';
import { MINUTE_MS } from '../../rules/time-units.ts';
import type { AdminClient } from '../admin-client.ts';
import { CliError, EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { pepperChanges, pepperTable } from '../output/render-pepper.ts';

const POLL_MS = 2_000;
/** How long an execution may take to be seen. */
const SEEN_WITHIN_MS = MINUTE_MS;

export interface RunPepperOptions {
  readonly reason?: string;
  readonly watch: boolean;
}

export function runPepper(
  run: Invocation,
  action: 'rotate-pepper' | 'clean-pepper',
  { reason, watch }: RunPepperOptions,
): Promise<ExitCode> {
  return run.context.interruptible(async (signal) => {
    const { admin } = await run.connect();
    const input = { ...(reason && { reason }) };
    if (!watch) {
      const started = await admin.call(action, input);
      run.result(started, () => `${startedText(started)}\n`);
      return EXIT.done;
    }
    const before = await admin.call('pepper', {});
    const started = await admin.call(action, input);
    run.progress(startedText(started));
    const { ended, view } = await follow(run, admin, started, before, signal);
    if (ended.status === 'failed') throw runFailed(ended);
    if (ended.status === 'running') run.progress('Stopped watching; it goes on: keyturn pepper');
    run.result({ ...ended, ...view }, (paint, nowMs) => pepperTable(view, paint, nowMs));
    return EXIT.done;
  });
}

async function follow(
  run: Invocation,
  admin: AdminClient,
  started: PepperRunView,
  before: PepperView,
  signal: AbortSignal,
): Promise<{ readonly ended: PepperRunView; readonly view: PepperView }> {
  const { executionId } = started;
  const startedMs = run.context.now();
  let view = before;
  for (;;) {
    const ended = await admin.call('pepper-run', { executionId });
    const next = await admin.call('pepper', {});
    for (const line of pepperChanges(view, next)) run.progress(line);
    view = next;
    if (ended.status === 'succeeded' || ended.status === 'failed') return { ended, view };
    if (ended.status === 'not-found' && run.context.now() - startedMs > SEEN_WITHIN_MS)
      throw neverSeen(ended);
    if (signal.aborted) return { ended: { ...ended, status: 'running' }, view };
    await run.context.sleep(POLL_MS, signal);
  }
}

const startedText = ({ executionArn }: PepperRunView): string =>
  `Started ${executionArn}. It takes some minutes; no key is refused meanwhile. keyturn pepper shows how it stands.`;

const runFailed = ({ failure }: PepperRunView): CliError =>
  new CliError(
    'pepper-run-failed',
    `It failed: ${failure ?? 'the reason is not known'}`,
    'Every pepper that was there is there, and keys go on working. Mend the cause and start it again.',
  );

const neverSeen = ({ executionArn }: PepperRunView): CliError =>
  new CliError(
    'pepper-run-not-begun',
    `Execution ${executionArn} was not seen within a minute.`,
    'Look for it in the Step Functions console, and start it again.',
  );
