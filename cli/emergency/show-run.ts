import { EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { emergencyRuns } from '../output/render-emergency-run.ts';
import { report } from './follow-run.ts';

/** `keyturn emergency --run <runId>`: done only if every key ended as it should; one that runs is not judged. */
export async function showRun(run: Invocation, runId: string): Promise<ExitCode> {
  const { admin } = await run.connect();
  const view = await admin.call('emergency-run', { runId });
  const exitCode = await report(run, admin, view);
  return view.status === 'running' ? EXIT.done : exitCode;
}

/** `keyturn emergency --run`: the latest runs. */
export async function showRuns(run: Invocation): Promise<ExitCode> {
  const { admin } = await run.connect();
  const latest = await admin.call('emergency-runs', {});
  run.result(latest, (paint, nowMs) => emergencyRuns(latest.runs, paint, nowMs));
  return EXIT.done;
}
