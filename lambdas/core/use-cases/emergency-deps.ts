/** What the steps of an emergency of many keys need from outside, and how they answer the state machine. */
import { type EmergencyRun, isAttemptOf } from '../domain/emergency-run.ts';
import { StepOutOfOrder } from '../domain/errors.ts';
import type { Clock, ExecutionLooker, MachineStarter } from '../ports/ambient.ts';
import type { EmergencyRuns } from '../ports/emergency-runs.ts';
import type { KeyStore } from '../ports/key-store.ts';

export interface EmergencyDeps {
  readonly runs: EmergencyRuns;
  readonly store: Pick<KeyStore, 'find' | 'findRotation' | 'list'>;
  /** The rotation machine. */
  readonly machine: MachineStarter;
  readonly executions: ExecutionLooker;
  readonly clock: Clock;
  /** Told of each rotation that could not be started; it is tried again. */
  readonly onFailure: (keyId: string, error: unknown) => void;
}

/** The run of a step. Throws when there is none, or nobody ordered the step's attempt. */
export async function runOf(
  { runs }: Pick<EmergencyDeps, 'runs'>,
  { runId, attempt }: RunStep,
): Promise<EmergencyRun> {
  const run = await runs.find(runId);
  if (!run) throw new StepOutOfOrder(`There is no emergency ${runId} on record.`);
  if (!isAttemptOf(run, attempt)) {
    throw new StepOutOfOrder(`Nobody ordered attempt ${attempt} of emergency ${runId}.`);
  }
  return run;
}

/** Which attempt of which run a step belongs to. */
export interface RunStep {
  readonly runId: string;
  readonly attempt: number;
}
