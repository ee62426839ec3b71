/** First step of the pepper machine: what is asked for, and whether there is anything to do. */
import { alteredPeppers } from '../domain/pepper-events.ts';
import { unneededPeppers } from '../domain/pepper-rotation.ts';
import { type PepperDeps, type PepperRun, type PepperStepResult, waitForWriters } from './pepper-deps.ts';
import { settleRecord } from './record-pepper.ts';

export async function beginPepperRun(deps: PepperDeps, run: PepperRun): Promise<PepperStepResult> {
  if (run.order.purpose === 'rotation') return { next: 'add' };
  const stored = await deps.secret.read();
  const { set, revision } = stored;
  const altered = alteredPeppers(await settleRecord(deps, run, stored), set);
  if (unneededPeppers(set, {}).length > 0) return { ...waitForWriters(deps, revision), altered };
  const message = 'There is no pepper beside the current one that could be dropped.';
  return { next: 'done', message, altered };
}
