import type { KeyRecord, Rotation, Verdict } from '../domain/key-record.ts';
import type { StepDecision } from './change-running.ts';
import { waiting } from './rotation-deps.ts';

/** A verdict goes on record, and the machine goes where it says. @param after with the verdict in its rotation */
export function verdictDecision(
  after: KeyRecord,
  verdict: Verdict,
  more: Readonly<Record<string, boolean>> = {},
): StepDecision {
  const { keyId } = after;
  const { rotationId, extensions } = after.rotation as Rotation;
  return {
    result: verdict.decision === 'retire' ? { keyId, rotationId, next: 'retire' } : waiting(after),
    change: {
      after,
      entry: {
        action: 'rotation.judged',
        atMs: verdict.judgedAtMs,
        detail: {
          evidence: verdict.evidence,
          decision: verdict.decision,
          oldRequests: verdict.oldRequests,
          newRequests: verdict.newRequests,
          extensions,
          ...(verdict.undelivered ? { undelivered: verdict.undelivered } : {}),
          ...more,
        },
      },
    },
  };
}
