/** The first step of an emergency of many keys, repeated: finds the keys of its target, a round of them at a time. */
import { KEY_STATUSES, type KeyStatus } from '../../../rules/words.ts';
import { type EmergencyRun, isSettled, type RunKey } from '../domain/emergency-run.ts';
import { StepOutOfOrder } from '../domain/errors.ts';
import type { KeyRecord } from '../domain/key-record.ts';
import type { KeyPage } from '../ports/key-store.ts';
import { type EmergencyDeps, type RunStep, runOf } from './emergency-deps.ts';

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

const PAGE_KEYS = 100;
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
    const page = await readPage(deps, run, nextToken);
    keyIds.push(...(await takeFrom(deps, run, attempt, page.records)));
    nextToken = page.nextToken;
  } while (
    nextToken !== null &&
    keyIds.length + PAGE_KEYS <= limits.batchKeys * limits.roundBatches &&
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

async function readPage(
  { store }: EmergencyDeps,
  { runId, target }: EmergencyRun,
  nextToken: string | null,
): Promise<KeyPage> {
  const page = await store.list({
    ...(target.kind === 'owner' ? { owner: target.owner } : {}),
    statuses: KEY_STATUSES,
    limit: PAGE_KEYS,
    ...(nextToken === null ? {} : { nextToken }),
  });
  if (page === 'bad-token') throw new StepOutOfOrder(`Emergency ${runId} cannot go on at '${nextToken}'.`);
  return page;
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
  const open = concerned.filter(({ keyId }) => {
    const before = known.get(keyId);
    return !before || !isSettled(before, attempt);
  });
  // Of two plans at once one puts a key on record. What the other one would have put is the same.
  const put = (key: RunKey) => runs.saveKey(run.runId, key);
  await Promise.all(
    open.map(async ({ keyId, status }) => {
      const before = known.get(keyId);
      const revision = (before?.revision ?? 0) + 1;
      if (status !== 'enabled' && before?.outcome !== 'ordered')
        await put({ keyId, outcome: 'skipped', attempt, why: skippedWhy(status), revision });
      else if (!before) await put({ keyId, outcome: 'planned', attempt, revision });
    }),
  );
  return open
    .filter(({ keyId, status }) => status === 'enabled' || known.get(keyId)?.outcome === 'ordered')
    .map(({ keyId }) => keyId);
}

/** Why nothing is done about a key that refuses everybody already. */
export const skippedWhy = (status: KeyStatus): string =>
  status === 'revoked'
    ? 'It is revoked: every version of it is refused for good.'
    : 'It is disabled: every version of it is refused until somebody enables it. Resume the emergency then.';

const batchesOf = (keyIds: readonly string[], size: number): { readonly keyIds: readonly string[] }[] =>
  Array.from({ length: Math.ceil(keyIds.length / size) }, (_, index) => ({
    keyIds: keyIds.slice(index * size, (index + 1) * size),
  }));
