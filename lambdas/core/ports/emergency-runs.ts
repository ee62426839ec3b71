/** Where emergencies of many keys are on record. Nothing of them expires: they are evidence. */
import type { EmergencyRun, RunKey } from '../domain/emergency-run.ts';
import type { RecordedRun } from '../domain/run-events.ts';

export interface RunKeyPage {
  readonly keys: readonly RunKey[];
  readonly nextToken: string | null;
}

export interface EmergencyRuns {
  /** With its event, both or none. */
  insert(recorded: RecordedRun): Promise<'inserted' | 'exists'>;
  /** Read consistently. */
  find(runId: string): Promise<EmergencyRun | undefined>;
  /** With its event, both or none; holds only while the stored revision is the one before this one's. */
  save(recorded: RecordedRun): Promise<'saved' | 'stale'>;
  /** The latest to start first. */
  latest(limit: number): Promise<readonly EmergencyRun[]>;
  /** Those of these keys that the run knows, by id; read consistently. 100 ids at most. */
  findKeys(runId: string, keyIds: readonly string[]): Promise<ReadonlyMap<string, RunKey>>;
  /** Revision 1 holds only if the run does not know the key, any other only after the one before it. */
  saveKey(runId: string, key: RunKey): Promise<'saved' | 'stale'>;
  /** In the order of their ids, as many as fit a page; read consistently. A token that is not ours is `bad-token`. */
  keys(runId: string, nextToken?: string): Promise<RunKeyPage | 'bad-token'>;
}
