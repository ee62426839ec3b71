/** The first step of an emergency of many keys, repeated: finds the keys of its target, a round of them at a time. */
import { type EmergencyRun, isSettled, type RunKey, skippedWhy } from '../domain/emergency-run.ts';
import type { KeyRecord } from '../domain/key-record.ts';
import { type EmergencyDeps, type RunStep, runOf } from './emergency-deps.ts';
import { TARGET_PAGE_KEYS, targetKeys } from './target-keys.ts';

/** How far the search has come; null before it has begun. */
export interface PlanPlace {
  /** How often the indexes are gone through: 1 the first time. */
  readonly pass: number;
  readonly passStartedAtMs: number;
  /** Keys that this pass found something to do about. */
  readonly taken: number;
  /** Within a pass; null: the next step begins another. */
  readonly nextToken: string | null;
}

export interface PlanInput extends RunStep {
  readonly place: PlanPlace | null;
}

export interface PlanResult extends RunStep {
  readonly place: PlanPlace;
  readonly next: 'rotate' | 'wait' | 'report';
  /** With `rotate`. Ids only: a round of them stays far below what a state may carry. */
  readonly batches?: readonly { readonly keyIds: readonly string[] }[];
  /** With `wait`. */
  readonly waitSeconds?: number;
}

export interface PlanLimits {
  /** Keys whose rotations one execution looks after. */
  readonly batchKeys: number;
  /** Batches of one round. */
  readonly roundBatches: number;
  readonly longestMs: number;
}

/** Within this an index has long shown what was there when the run began: the last pass starts no earlier. */
const INDEX_LAG_MS = 10_000;
/** A pass finds what the one before it could not get done. Whatever comes up again and again is left, and said. */
const MOST_PASSES = 10;

/**
 * Indexes lag, and a key that moves within one while it is read can be missed: so they are gone through until a pass
 * that began late enough finds nothing to do. Safe to repeat, also at the same time.
 */
export async function planEmergency(
  deps: EmergencyDeps,
  { runId, attempt, place: from }: PlanInput,
  limits: PlanLimits,
): Promise<PlanResult> {
  const run = await runOf(deps, { runId, attempt });
  const startedAtMs = deps.clock();
  const begun = from?.nextToken ? from : newPass(from, startedAtMs);
  if (begun.pass > MOST_PASSES) return { runId, attempt, place: begun, next: 'report' };
  const keyIds: string[] = [];
  let nextToken = begun.nextToken;
  do {
    const page = await targetKeys(deps.store, run.target, nextToken);
    keyIds.push(...(await takeFrom(deps, run, attempt, page.records)));
    nextToken = page.nextToken;
  } while (
    nextToken !== null &&
    keyIds.length + TARGET_PAGE_KEYS <= limits.batchKeys * limits.roundBatches &&
    deps.clock() - startedAtMs < limits.longestMs
  );
  const place = { ...begun, taken: begun.taken + keyIds.length, nextToken };
  const step = { runId, attempt, place };
  if (keyIds.length > 0) return { ...step, next: 'rotate', batches: batchesOf(keyIds, limits.batchKeys) };
  return { ...step, ...afterNothing(run, place, deps.clock()) };
}

const newPass = (last: PlanPlace | null, nowMs: number): PlanPlace => ({
  pass: (last?.pass ?? 0) + 1,
  passStartedAtMs: nowMs,
  taken: 0,
  nextToken: null,
});

function afterNothing(
  { startedAtMs }: EmergencyRun,
  { passStartedAtMs, taken, nextToken }: PlanPlace,
  nowMs: number,
): Pick<PlanResult, 'next' | 'waitSeconds'> {
  if (nextToken !== null) return { next: 'wait', waitSeconds: 1 };
  const surelyShownAtMs = startedAtMs + INDEX_LAG_MS;
  if (taken === 0 && passStartedAtMs >= surelyShownAtMs) return { next: 'report' };
  return { next: 'wait', waitSeconds: Math.max(1, Math.ceil((surelyShownAtMs - nowMs) / 1000)) };
}

/** Puts the keys on the run's record, and says which of them there is something to do about. */
async function takeFrom(
  { runs }: EmergencyDeps,
  run: EmergencyRun,
  attempt: number,
  records: readonly KeyRecord[],
): Promise<readonly string[]> {
  // A key that was issued later has no version that could be known.
  const concerned = records.filter(({ createdAtMs }) => createdAtMs <= run.startedAtMs);
  if (concerned.length === 0) return [];
  const known = await runs.findKeys(
    run.runId,
    concerned.map(({ keyId }) => keyId),
  );
  const open = concerned.flatMap(({ keyId, status }) => {
    const before = known.get(keyId);
    if (before && isSettled(before, attempt)) return [];
    // What was ordered is followed to its end, whatever has become of the key since.
    const isSkipped = status !== 'enabled' && before?.outcome !== 'ordered';
    return [{ keyId, before, why: isSkipped ? skippedWhy(status) : undefined }];
  });
  // Of two plans at once one puts a key on record. What the other one would have put is the same.
  const put = (key: RunKey) => runs.saveKey(run.runId, key);
  await Promise.all(
    open.map(async ({ keyId, before, why }) => {
      const revision = (before?.revision ?? 0) + 1;
      if (why !== undefined) await put({ keyId, outcome: 'skipped', attempt, why, revision });
      else if (!before) await put({ keyId, outcome: 'planned', attempt, revision });
    }),
  );
  return open.filter(({ why }) => why === undefined).map(({ keyId }) => keyId);
}

const batchesOf = (keyIds: readonly string[], size: number): { readonly keyIds: readonly string[] }[] =>
  Array.from({ length: Math.ceil(keyIds.length / size) }, (_, index) => ({
    keyIds: keyIds.slice(index * size, (index + 1) * size),
  }));
