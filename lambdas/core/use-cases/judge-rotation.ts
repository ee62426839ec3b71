/** Step 5, after each wait: judges the migration on the use since the last judgement. */
import type { RotationTerms } from '../../../rules/policy.ts';
import { StepOutOfOrder } from '../domain/errors.ts';
import { judgeMigration } from '../domain/judge-migration.ts';
import {
  type KeyRecord,
  type KeyVersion,
  type Rotation,
  type UseCounts,
  type Verdict,
  versionOf,
  type WindowBase,
  wasReceived,
} from '../domain/key-record.ts';
import { judged, postponed } from '../domain/rotation-steps.ts';
import type { UseStore, VersionUse } from '../ports/use-store.ts';
import { changeRunning, type StepDecision } from './change-running.ts';
import { type RotationDeps, type StepInput, type StepResult, waitUntil } from './rotation-deps.ts';

/** The service waits by its own clock: a judgement this little early is on time. */
const CLOCK_TOLERANCE_MS = 1_000;

/** Counts are written within a flush interval, minutes at most: an hour back finds every late one. */
const LATE_COUNTS_MS = 3_600_000;

const SHORTEST_HOLD_SECONDS = 3_600;

/** Repeated after its write it finds the grace period moved, or its verdict there, and changes nothing again. */
export function judgeRotation(deps: RotationDeps, step: StepInput): Promise<StepResult> {
  return changeRunning(deps, step, async (record, rotation) => {
    if (rotation.verdict?.decision === 'retire') return { result: { ...step, next: 'retire' } };
    if (rotation.status !== 'dual-key') {
      throw new StepOutOfOrder(`Rotation ${step.rotationId} has no two versions to judge.`);
    }
    const nowMs = deps.clock();
    const endsAtMs = rotation.gracePeriodEndsAtMs as number;
    if (nowMs < endsAtMs - CLOCK_TOLERANCE_MS) {
      return { result: { ...step, next: 'wait', waitUntil: waitUntil(endsAtMs) } };
    }
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
  return {
    result: {
      keyId: record.keyId,
      rotationId: rotation.rotationId,
      next: 'wait',
      waitUntil: waitUntil(endsAtMs),
    },
    change: {
      after: postponed(record, rotation, { endsAtMs, windowBase }),
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
  const step: StepInput = { keyId: record.keyId, rotationId: rotation.rotationId };
  // The next window's base is read before this window: a use between the two reads counts in both, never in none.
  const windowBase = await windowBaseAt(deps.uses, record.keyId, rotation, nowMs);
  const totals = await deps.uses.totals(record.keyId, rotation.windowBase.sinceMs);
  const verdict = verdictOn(record, rotation, windowUse(totals, rotation), nowMs);
  const endsAtMs = nowMs + nextWindowSeconds(verdict, rotation.terms) * 1000;
  return {
    result:
      verdict.decision === 'retire'
        ? { ...step, next: 'retire' }
        : { ...step, next: 'wait', waitUntil: waitUntil(endsAtMs) },
    change: {
      after: judged(record, rotation, verdict, { endsAtMs, windowBase }),
      entry: {
        action: 'rotation.judged',
        atMs: nowMs,
        detail: {
          evidence: verdict.evidence,
          decision: verdict.decision,
          oldRequests: verdict.oldRequests,
          newRequests: verdict.newRequests,
          extensions: rotation.extensions + (verdict.decision === 'extend' ? 1 : 0),
        },
      },
    },
  };
}

/** Holding may last for months: an execution's history has room for 25,000 events, and each wait takes nine. */
const nextWindowSeconds = (verdict: Verdict, { extensionSeconds }: RotationTerms): number =>
  verdict.decision === 'hold' ? Math.max(extensionSeconds, SHORTEST_HOLD_SECONDS) : extensionSeconds;

/** Uses of both versions by these totals: of the old one only those made while it was deprecating. */
const usesOf = (
  totals: ReadonlyMap<number, VersionUse>,
  { fromVersion, toVersion }: Pick<Rotation, 'fromVersion' | 'toVersion'>,
): UseCounts => ({
  oldRequests: totals.get(fromVersion)?.deprecatingRequests ?? 0,
  newRequests: totals.get(toVersion as number)?.requests ?? 0,
});

/** The base of a window that starts now. */
export async function windowBaseAt(
  uses: UseStore,
  keyId: string,
  versions: Pick<Rotation, 'fromVersion' | 'toVersion'>,
  nowMs: number,
): Promise<WindowBase> {
  const sinceMs = nowMs - LATE_COUNTS_MS;
  return { sinceMs, ...usesOf(await uses.totals(keyId, sinceMs), versions) };
}

/**
 * The use in the window so far: what the rotation's `show` and its judgement both read.
 *
 * @param totals since the rotation's `windowBase.sinceMs`
 */
export function windowUse(totals: ReadonlyMap<number, VersionUse>, rotation: Rotation): UseCounts {
  const { oldRequests, newRequests } = usesOf(totals, rotation);
  return {
    oldRequests: Math.max(0, oldRequests - rotation.windowBase.oldRequests),
    newRequests: Math.max(0, newRequests - rotation.windowBase.newRequests),
  };
}

function verdictOn(record: KeyRecord, rotation: Rotation, window: UseCounts, nowMs: number): Verdict {
  const fresh = versionOf(record, rotation.toVersion) as KeyVersion;
  // A rotation that carries on from a failed one started after its new version was activated.
  const startedAtMs = Math.max(fresh.activatedAtMs as number, rotation.startedAtMs);
  const windowStartMs = rotation.verdict?.judgedAtMs ?? startedAtMs;
  const firstUseMs = record.firstUsesMs[String(fresh.version)];
  return {
    ...judgeMigration({
      window,
      newFirstUsedInWindow: firstUseMs !== undefined && firstUseMs >= windowStartMs,
      newReceived: wasReceived(record, fresh),
      purpose: rotation.purpose,
      extensions: rotation.extensions,
      terms: rotation.terms,
    }),
    ...window,
    judgedAtMs: nowMs,
  };
}
