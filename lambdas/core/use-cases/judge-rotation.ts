/** Step 5, after each wait: judges the migration on the use since the last judgement, or goes by a checkpoint. */
import type { RotationTerms } from '../../../rules/policy.ts';
import { HOUR_SECONDS } from '../../../rules/time-units.ts';
import { CLOCK_TOLERANCE_MS } from '../domain/checkpoints.ts';
import { StepOutOfOrder } from '../domain/errors.ts';
import { judgeMigration } from '../domain/judge-migration.ts';
import type { KeyRecord, Rotation, Verdict } from '../domain/key-record.ts';
import { isToOfferAgain } from '../domain/offer-again.ts';
import { judged, postponed } from '../domain/rotation-steps.ts';
import { changeRunning, type StepDecision, toldOf } from './change-running.ts';
import { findWaiting } from './claim-key.ts';
import { factsOf, stragglersIn, windowBaseAt, windowStartMs, windowUse } from './migration-facts.ts';
import { passCheckpoint } from './pass-checkpoint.ts';
import { type RotationDeps, type StepInput, type StepResult, waiting } from './rotation-deps.ts';
import { verdictDecision } from './verdict-decision.ts';

const SHORTEST_HOLD_SECONDS = HOUR_SECONDS;

export interface JudgeInput extends StepInput {
  /** Whether the machine can deliver once more: executions go by the definition that they began with. */
  readonly deliversAgain?: boolean;
}

/** Repeated after its write it finds the grace period moved, or its verdict there, and changes nothing again. */
export async function judgeRotation(
  deps: RotationDeps,
  { deliversAgain = false, ...step }: JudgeInput,
): Promise<StepResult> {
  const result = await judgeRunning(deps, step);
  if (!deliversAgain || result.next !== 'wait') return result;
  const record = await deps.store.find(step.keyId);
  const isRunning = record?.rotation?.rotationId === step.rotationId;
  return isRunning && isToOfferAgain(record) ? { ...step, next: 'deliver' } : result;
}

function judgeRunning(deps: RotationDeps, step: StepInput): Promise<StepResult> {
  return changeRunning(deps, step, async (record, rotation) => {
    if (rotation.verdict?.decision === 'retire') return { result: { ...step, next: 'retire' } };
    if (rotation.status !== 'dual-key') {
      throw new StepOutOfOrder(`Rotation ${step.rotationId} has no two versions to judge.`);
    }
    const nowMs = deps.clock();
    const endsAtMs = rotation.gracePeriodEndsAtMs as number;
    if (nowMs < endsAtMs - CLOCK_TOLERANCE_MS) return passCheckpoint(deps, record, rotation, nowMs);
    if (record.status !== 'enabled' && rotation.purpose !== 'emergency') {
      return postpone(deps, record, rotation, nowMs);
    }
    return judge(deps, record, rotation, nowMs);
  });
}

/** A disabled key is refused whatever its version: that the old one was not used is no evidence of a migration. */
async function postpone(
  deps: RotationDeps,
  record: KeyRecord,
  rotation: Rotation,
  nowMs: number,
): Promise<StepDecision> {
  const windowBase = await windowBaseAt(deps.uses, record.keyId, rotation, nowMs);
  const endsAtMs = nowMs + rotation.terms.extensionSeconds * 1000;
  const after = postponed(record, rotation, { nowMs, endsAtMs, windowBase });
  return {
    result: waiting(after),
    change: {
      after,
      entry: { action: 'rotation.postponed', atMs: nowMs, detail: { keyStatus: record.status } },
    },
  };
}

async function judge(
  deps: RotationDeps,
  record: KeyRecord,
  rotation: Rotation,
  nowMs: number,
): Promise<StepDecision> {
  // The next window's base is read before this window: a use between the two reads counts in both, never in none.
  const windowBase = await windowBaseAt(deps.uses, record.keyId, rotation, nowMs);
  const totals = await deps.uses.totals(record.keyId, rotation.windowBase.sinceMs);
  const window = windowUse(totals, rotation);
  const facts = factsOf(record, rotation, window, windowStartMs(record, rotation));
  const undelivered = facts.newReceived ? undefined : await stillWaiting(deps, record);
  const verdict: Verdict = {
    ...judgeMigration(facts),
    ...window,
    judgedAtMs: nowMs,
    ...(undelivered ? { undelivered } : {}),
  };
  const endsAtMs = nowMs + nextWindowSeconds(verdict, rotation.terms) * 1000;
  const decision = verdictDecision(
    judged(record, rotation, verdict, { nowMs, endsAtMs, windowBase }),
    verdict,
  );
  return toldOf(decision, { stragglers: stragglersIn(totals, rotation, windowStartMs(record, rotation)) });
}

/** Sealed keys are destroyed after their time, and a rotation may hold for longer. */
const stillWaiting = async (deps: RotationDeps, record: KeyRecord): Promise<'waiting' | 'gone'> =>
  (await findWaiting(deps, record)) ? 'waiting' : 'gone';

/** Holding may last for months: an execution's history has room for 25,000 events, and each wait takes nine. */
const nextWindowSeconds = (verdict: Verdict, { extensionSeconds }: RotationTerms): number =>
  verdict.decision === 'hold' ? Math.max(extensionSeconds, SHORTEST_HOLD_SECONDS) : extensionSeconds;
