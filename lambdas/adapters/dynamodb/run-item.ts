/** How emergencies of many keys lie in the table: partitions of their own, beside those of keys. */
import type { EmergencyRun, RunKey } from '../../core/domain/emergency-run.ts';

type Item = Readonly<Record<string, unknown>>;

export const runPartition = (runId: string): string => `RUN#${runId}`;
export const RUN_META = 'META';
export const runKeySortKey = (keyId: string): string => `KEY#${keyId}`;

/** All runs by the time they started. Emergencies are few: one partition holds them. */
export const RUNS_PARTITION = 'RUNS';

export const runItem = (run: EmergencyRun): Item => ({
  pk: runPartition(run.runId),
  sk: RUN_META,
  run,
  revision: run.revision,
});

export const runOf = (item: Item): EmergencyRun => item['run'] as EmergencyRun;

export const runPointer = ({ runId, startedAtMs }: EmergencyRun): Item => ({
  pk: RUNS_PARTITION,
  sk: `${new Date(startedAtMs).toISOString()}#${runId}`,
  runId,
});

export const runKeyItem = (runId: string, key: RunKey): Item => ({
  pk: runPartition(runId),
  sk: runKeySortKey(key.keyId),
  ...key,
});

export function runKeyOf(item: Item): RunKey {
  const { pk: _partition, sk: _sort, ...key } = item;
  return key as unknown as RunKey;
}
