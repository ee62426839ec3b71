/** Emergencies of many keys as operators see them. */
import {
  type EmergencyRun,
  isComplete,
  type RunKey,
  type RunSummary,
  refusedAfterMs,
} from '../../core/domain/emergency-run.ts';
import { iso, isoOrNull } from '../../core/domain/iso-time.ts';
import type { KeyRecord } from '../../core/domain/key-record.ts';
import type { EmergencyVerdict } from '../../core/use-cases/preview-emergency.ts';
import type {
  EmergencyRunKeyView,
  EmergencyRunStatus,
  EmergencyRunView,
  PreviewedKey,
} from './emergency-contract.ts';

export function previewedKey(key: KeyRecord, verdict: EmergencyVerdict): PreviewedKey {
  const { keyId, owner, name, environment, rotation } = key;
  return {
    keyId,
    owner,
    name,
    environment,
    verdict,
    rotation: rotation
      ? {
          rotationId: rotation.rotationId,
          purpose: rotation.purpose,
          status: rotation.status,
          gracePeriodEndsAt: isoOrNull(rotation.gracePeriodEndsAtMs),
        }
      : null,
  };
}

export interface RunFacts {
  /** Whether its execution may still go on; asked only of a run without an end. */
  readonly underWay: boolean;
  readonly executionArn: string;
  readonly revocationBoundMs: number;
  /** As counted now, of a run without an end. */
  readonly summary?: RunSummary;
}

export function runView(run: EmergencyRun, facts: RunFacts): EmergencyRunView {
  const [start, ...resumptions] = run.orders;
  const { totals, times } = run.end ?? facts.summary ?? {};
  return {
    runId: run.runId,
    target: run.target.kind === 'owner' ? { owner: run.target.owner } : { all: true },
    status: statusOf(run, facts),
    reason: run.reason,
    immediate: run.immediate,
    gracePeriod: run.gracePeriod ?? null,
    initiatedBy: start?.initiatedBy ?? 'unstated',
    startedAt: iso(run.startedAtMs),
    resumed: resumptions.map(({ initiatedBy, atMs }) => ({ by: initiatedBy, at: iso(atMs) })),
    endedAt: isoOrNull(run.end?.atMs),
    executionArn: facts.executionArn,
    totals: totals ? totalsView(totals) : null,
    refusal: times ?? null,
    failure: run.end?.failure ?? null,
    revocationBoundMs: facts.revocationBoundMs,
  };
}

function statusOf({ end }: EmergencyRun, { underWay }: RunFacts): EmergencyRunStatus {
  if (end) return isComplete(end) ? 'completed' : 'incomplete';
  return underWay ? 'running' : 'stopped';
}

const totalsView = ({ 'dual-key': dualKey, ...totals }: RunSummary['totals']) => ({ ...totals, dualKey });

export function runKeyView(run: EmergencyRun, key: RunKey): EmergencyRunKeyView {
  const { refusedAtMs, rotationStartedAtMs } = key;
  const after = (sinceMs: number | undefined) =>
    refusedAtMs === undefined || sinceMs === undefined ? null : refusedAfterMs(sinceMs, refusedAtMs);
  return {
    keyId: key.keyId,
    outcome: key.outcome,
    rotationId: key.rotationId ?? null,
    refusedAt: isoOrNull(refusedAtMs),
    refusedAfterMs: after(run.startedAtMs),
    refusedAfterOwnStartMs: after(rotationStartedAtMs),
    why: key.why ?? null,
  };
}
