/** A rotation as it begins: from which version, by which terms, and with what it judges. */
import { type Policy, type RotationTerms, termsOf } from '../../../rules/policy.ts';
import { type KeyRecord, type Rotation, versionOf, versionWith } from '../domain/key-record.ts';
import { resumed } from '../domain/rotation-steps.ts';
import { findWaiting } from './claim-key.ts';
import { windowBaseAt } from './migration-facts.ts';
import type { RotationDeps } from './rotation-deps.ts';
import type { RotationOrder } from './rotation-request.ts';

/** The execution of the machine that rotates. */
export interface BegunExecution {
  /** The execution's name, which makes a repeated start the same start. */
  readonly rotationId: string;
  readonly executionArn: string;
  readonly startedAtMs: number;
}

export function newRotation(
  order: RotationOrder,
  policy: Policy,
  fromVersion: number,
  { rotationId, executionArn, startedAtMs }: BegunExecution,
  evidenceLagSeconds: number,
): Rotation {
  // Shorter windows would be judged before uses in them are on record. An emergency is not judged by them.
  const atLeast = (seconds: number) =>
    order.purpose === 'emergency' ? seconds : Math.max(seconds, evidenceLagSeconds);
  const policyGrace = order.purpose === 'emergency' ? policy.emergencyGraceSeconds : policy.graceSeconds;
  return {
    rotationId,
    purpose: order.purpose,
    status: 'starting',
    fromVersion,
    ...(order.reason ? { reason: order.reason } : {}),
    initiatedBy: order.initiatedBy,
    executionArn,
    startedAtMs,
    graceSeconds: order.immediate ? 0 : atLeast(order.graceSeconds ?? policyGrace),
    immediate: order.immediate,
    notifyClients: order.notifyClients,
    alertSecurity: order.alertSecurity,
    terms: termsAtLeast(policy, atLeast),
    extensions: 0,
    windowBase: { sinceMs: startedAtMs, oldRequests: 0, newRequests: 0 },
  };
}

function termsAtLeast(policy: Policy, atLeast: (seconds: number) => number): RotationTerms {
  const terms = termsOf(policy);
  const early = terms.earlyRetirementSeconds;
  return {
    ...terms,
    extensionSeconds: atLeast(terms.extensionSeconds),
    ...(early === undefined ? {} : { earlyRetirementSeconds: atLeast(early) }),
  };
}

/**
 * The record with the rotation in it. Two versions that are accepted already (left by a rotation that failed) are what
 * it judges, unless the newer one is lost: then another takes its place, beside the older one that clients use. An
 * emergency always makes a new one.
 */
export async function withRotation(
  deps: RotationDeps,
  record: KeyRecord,
  rotation: Rotation,
): Promise<KeyRecord> {
  const old = versionWith(record, 'deprecating');
  if (!old || rotation.purpose === 'emergency') return { ...record, rotation };
  if (await isLost(deps, record, rotation)) {
    // The bound that an emergency has set for the old one stays: without another version beside it the key would end.
    return { ...record, rotation: { ...rotation, fromVersion: old.version } };
  }
  const nowMs = deps.clock();
  const versions = { fromVersion: old.version, toVersion: rotation.fromVersion };
  const windowBase = await windowBaseAt(deps.uses, record.keyId, versions, nowMs);
  return resumed(record, rotation, old, { nowMs, windowBase });
}

/**
 * Nobody has the active version and nobody can take it. That it was claimed and never used is no proof that it was
 * lost on the way: only an operator who rotates by hand says so.
 */
async function isLost(deps: RotationDeps, record: KeyRecord, { purpose, fromVersion }: Rotation) {
  if (record.firstUsesMs[String(fromVersion)] !== undefined) return false;
  const received = versionOf(record, fromVersion)?.receivedAtMs !== undefined;
  return (purpose === 'manual' || !received) && !(await findWaiting(deps, record));
}
