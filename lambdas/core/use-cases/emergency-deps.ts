/** What the steps of an emergency of many keys need from outside, and how they answer the state machine. */
import type { Clock, ExecutionLooker, RotationStarter } from '../ports/ambient.ts';
import type { EmergencyRuns } from '../ports/emergency-runs.ts';
import type { KeyStore } from '../ports/key-store.ts';

export interface EmergencyDeps {
  readonly runs: EmergencyRuns;
  readonly store: Pick<KeyStore, 'find' | 'findRotation' | 'list'>;
  /** The rotation machine. */
  readonly machine: RotationStarter;
  readonly executions: ExecutionLooker;
  readonly clock: Clock;
  /** Told of each rotation that could not be started; it is tried again. */
  readonly onFailure: (keyId: string, error: unknown) => void;
}

/** Which attempt of which run a step belongs to. */
export interface RunStep {
  readonly runId: string;
  readonly attempt: number;
}
