/** One rotation as the events of a period tell it. */
import type { Evidence, RotationPurpose } from '../../../../rules/words.ts';
import type { AuditEvent } from '../audit-event.ts';
import { iso } from '../iso-time.ts';
import { newShare } from '../judge-migration.ts';
import type { MigrationPoint, RotationRow } from './report.ts';

/** What a rotation began with: from its first event, or looked up where that lies before the period. */
export interface RotationStart {
  readonly purpose: RotationPurpose;
  readonly orderedAtMs: number;
  readonly fromVersion: number;
  readonly startedBy: string;
  readonly reason?: string;
  /** As it was ordered; unknown of one that was looked up. */
  readonly graceSeconds?: number;
  readonly immediate?: boolean;
}

export interface RotationTrack {
  readonly rotationId: string;
  readonly keyId: string;
  readonly owner: string;
  /** Its first event is in the period. */
  readonly isWhole: boolean;
  start?: RotationStart;
  toVersion?: number;
  activatedAtMs?: number;
  end?: { readonly outcome: Exclude<RotationRow['outcome'], 'running'>; readonly atMs: number };
  failure?: string;
  /** Its key was revoked while it ran: every version is refused since. */
  revokedAtMs?: number;
  extensions: number;
  holds: number;
  evidence?: Evidence;
  readonly migration: MigrationPoint[];
}

export function startIn({ detail, atMs, actor, reason }: AuditEvent): RotationStart {
  // What is measured counts from the order; events of an earlier release do not name its time.
  const orderedAtMs = Date.parse(String(detail['orderedAt']));
  return {
    purpose: detail['purpose'] as RotationPurpose,
    orderedAtMs: Number.isNaN(orderedAtMs) ? atMs : orderedAtMs,
    fromVersion: Number(detail['fromVersion']),
    startedBy: actor.principal,
    ...(reason === undefined ? {} : { reason }),
    graceSeconds: Number(detail['graceSeconds']),
    immediate: detail['immediate'] === true,
  };
}

export function pointIn({ atMs, detail }: AuditEvent): MigrationPoint {
  const counts = { oldRequests: Number(detail['oldRequests']), newRequests: Number(detail['newRequests']) };
  return { at: iso(atMs), ...counts, newShare: newShare(counts) };
}

export function rowOf(track: RotationTrack): RotationRow {
  const { start, end } = track;
  return {
    rotationId: track.rotationId,
    keyId: track.keyId,
    owner: track.owner,
    purpose: start?.purpose ?? 'unknown',
    outcome: end?.outcome ?? 'running',
    fromVersion: start?.fromVersion ?? null,
    toVersion: track.toVersion ?? null,
    startedAt: start ? iso(start.orderedAtMs) : null,
    endedAt: end ? iso(end.atMs) : null,
    durationMs: start && end ? end.atMs - start.orderedAtMs : null,
    extensions: track.extensions,
    holds: track.holds,
    evidence: track.evidence ?? null,
    startedBy: start?.startedBy ?? null,
    reason: start?.reason ?? null,
    failure: track.failure ?? null,
    migration: track.migration,
  };
}
