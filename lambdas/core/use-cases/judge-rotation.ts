/** Step 5, after each wait: judges the migration on the use since the last judgement. */
import { judgeMigration } from '../domain/judge-migration.ts';
import {
  type KeyRecord,
  type KeyVersion,
  type Rotation,
  type UseCounts,
  type Verdict,
  versionOf,
  wasReceived,
} from '../domain/key-record.ts';
import { judged } from '../domain/rotation-steps.ts';
import type { UseStore, VersionUse } from '../ports/use-store.ts';
import { changeKey, type Decision } from './change-key.ts';
import { notRunning } from './not-running.ts';
import {
  machineActor,
  type RotationDeps,
  type StepInput,
  type StepResult,
  waitUntil,
} from './rotation-deps.ts';

/** The service waits by its own clock: a judgement this little early is on time. */
const CLOCK_TOLERANCE_MS = 1_000;

/** Repeated after its write it finds the grace period moved, or its verdict there, and changes nothing again. */
export function judgeRotation(deps: RotationDeps, step: StepInput): Promise<StepResult> {
  return changeKey(deps.store, step.keyId, async (record): Promise<Decision<StepResult>> => {
    const rotation = record?.rotation;
    if (!record || rotation?.rotationId !== step.rotationId) return { result: notRunning(step) };
    if (rotation.verdict?.decision === 'retire') return { result: { ...step, next: 'retire' } };
    const nowMs = deps.clock();
    const endsAtMs = rotation.gracePeriodEndsAtMs as number;
    if (nowMs < endsAtMs - CLOCK_TOLERANCE_MS) {
      return { result: { ...step, next: 'wait', waitUntil: waitUntil(endsAtMs) } };
    }
    return judge(deps, record, rotation, nowMs);
  });
}

async function judge(
  deps: RotationDeps,
  record: KeyRecord,
  rotation: Rotation,
  nowMs: number,
): Promise<Decision<StepResult>> {
  const step: StepInput = { keyId: record.keyId, rotationId: rotation.rotationId };
  const verdict = await verdictOn(deps.uses, record, rotation, nowMs);
  const nextEndMs = nowMs + rotation.terms.extensionSeconds * 1000;
  const decision = verdict.decision === 'retire' ? 'retire' : 'wait';
  return {
    result:
      decision === 'retire'
        ? { ...step, next: 'retire' }
        : { ...step, next: 'wait', waitUntil: waitUntil(nextEndMs) },
    change: {
      after: judged(record, rotation, verdict, nextEndMs),
      entry: {
        action: 'rotation.judged',
        actor: machineActor(rotation.rotationId),
        atMs: nowMs,
        rotationId: rotation.rotationId,
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

/** The use in the window so far: what the rotation's `show` and its judgement both read. */
export function windowUse(totals: ReadonlyMap<number, VersionUse>, rotation: Rotation): UseCounts {
  const { countedUntil, fromVersion, toVersion } = rotation;
  const old = totals.get(fromVersion)?.deprecatingRequests ?? 0;
  const fresh = totals.get(toVersion as number)?.requests ?? 0;
  return {
    oldRequests: Math.max(0, old - countedUntil.oldRequests),
    newRequests: Math.max(0, fresh - countedUntil.newRequests),
  };
}

async function verdictOn(
  uses: UseStore,
  record: KeyRecord,
  rotation: Rotation,
  nowMs: number,
): Promise<Verdict> {
  const window = windowUse(await uses.totals(record.keyId, 0), rotation);
  const fresh = versionOf(record, rotation.toVersion) as KeyVersion;
  const windowStartMs = rotation.verdict?.judgedAtMs ?? (fresh.activatedAtMs as number);
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
