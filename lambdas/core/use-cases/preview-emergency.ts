/** What an emergency would do to each key; nothing is changed. */
import type { KeyStatus } from '../../../rules/words.ts';
import type { RunTarget } from '../domain/emergency-run.ts';
import type { KeyRecord } from '../domain/key-record.ts';
import type { Clock } from '../ports/ambient.ts';
import type { KeyCounts } from '../ports/key-counts.ts';
import type { KeyPage, KeyStore } from '../ports/key-store.ts';
import { overtakes } from './overtakes.ts';
import { targetKeys } from './target-keys.ts';

/** `take-over`: of the rotation that runs. `in-emergency`: one runs already, and this one would answer with it. */
export type EmergencyVerdict = 'rotate' | 'take-over' | 'in-emergency' | Exclude<KeyStatus, 'enabled'>;

export interface EmergencyPreview {
  readonly keys: readonly { readonly key: KeyRecord; readonly verdict: EmergencyVerdict }[];
  /** Enabled keys of the target: what the emergency is about. */
  readonly enabled: number;
  /** Keys of the target in all. */
  readonly total: number;
  /** False: there are more than could be counted in the time there was. */
  readonly counted: boolean;
}

export interface PreviewDeps {
  readonly store: Pick<KeyStore, 'list'>;
  readonly counts: KeyCounts;
  readonly clock: Clock;
}

export function emergencyVerdict({ status, rotation }: KeyRecord, immediate: boolean): EmergencyVerdict {
  if (status !== 'enabled') return status;
  if (!rotation) return 'rotate';
  return overtakes({ purpose: 'emergency', immediate }, rotation) ? 'take-over' : 'in-emergency';
}

/** @param limits `shown`: keys that are named, 100 at most; `longestMs`: to count an owner's keys */
export async function previewEmergency(
  deps: PreviewDeps,
  target: RunTarget,
  immediate: boolean,
  limits: { readonly shown: number; readonly longestMs: number },
): Promise<EmergencyPreview> {
  const first = await targetKeys(deps.store, target, null);
  const keys = first.records
    .slice(0, limits.shown)
    .map((key) => ({ key, verdict: emergencyVerdict(key, immediate) }));
  if (target.kind === 'owner') return { keys, ...(await countOwned(deps, target, first, limits.longestMs)) };
  const { enabled, disabled, revoked } = await deps.counts.byStatus();
  return { keys, enabled, total: enabled + disabled + revoked, counted: true };
}

/** An owner's keys are read to be counted: their index does not know the status. */
async function countOwned(
  deps: PreviewDeps,
  target: RunTarget,
  first: KeyPage,
  longestMs: number,
): Promise<Pick<EmergencyPreview, 'enabled' | 'total' | 'counted'>> {
  const endsAtMs = deps.clock() + longestMs;
  let [enabled, total] = [0, 0];
  for (let each = first; ; each = await targetKeys(deps.store, target, each.nextToken)) {
    enabled += each.records.filter(({ status }) => status === 'enabled').length;
    total += each.records.length;
    if (each.nextToken === null) return { enabled, total, counted: true };
    if (deps.clock() >= endsAtMs) return { enabled, total, counted: false };
  }
}
