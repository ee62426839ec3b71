/** Step 1: the rotation is the key's one running rotation, or it is said why not. */

import { type Policy, type RotationTerms, termsOf } from '../../../rules/policy.ts';
import { type KeyRecord, type Rotation, versionOf, versionWith } from '../domain/key-record.ts';
import { failed, resumed } from '../domain/rotation-steps.ts';
import { changeKey, type Decision } from './change-key.ts';
import { findWaiting } from './claim-key.ts';
import { isOrphaned } from './is-orphaned.ts';
import { windowBaseAt } from './migration-facts.ts';
import { overtakes } from './overtakes.ts';
import { placeOf } from './place-of.ts';
import { machineActor, type RotationDeps, type StepResult, waiting } from './rotation-deps.ts';
import { parseRotationOrder, type RotationOrder } from './rotation-request.ts';

export interface BeginInput {
  /** The execution's name, which makes a repeated start the same start. */
  readonly rotationId: string;
  readonly executionArn: string;
  readonly startedAtMs: number;
  readonly request: unknown;
}

/**
 * Takes the key for this rotation. Repeated, it goes on where the rotation stands. While another rotation runs it
 * answers with that one; one whose execution is dead is ended first, and an emergency ends one that it overtakes.
 */
export async function beginRotation(deps: RotationDeps, input: BeginInput): Promise<StepResult> {
  const order = parseRotationOrder(input.request);
  if (!order.ok) return refusal('unknown', input, `${order.message} ${order.hint}`);
  const { keyId } = order.value;
  const begin = () => changeKey(deps.store, keyId, (record) => decideBegin(deps, record, order.value, input));
  const answer = await begin();
  if (answer.next !== 'answer-running') return answer;
  const ended = await answerIfEnded(deps, keyId, input);
  if (ended) return ended;
  return (await clearTheWay(deps, keyId, order.value, input.rotationId)) ? begin() : answer;
}

/**
 * A new key that cannot be put where its client reads it is an outage in waiting. An emergency does not wait for that:
 * the leaked key goes, and the new one is delivered when it can be.
 */
async function placeTrouble(
  deps: RotationDeps,
  record: KeyRecord,
  { purpose }: RotationOrder,
): Promise<string | undefined> {
  const found = purpose === 'emergency' ? undefined : placeOf(deps.places, record);
  return found?.place.trouble(found.destination);
}

/** A rotation that has ended is never begun again. */
async function answerIfEnded(
  deps: RotationDeps,
  keyId: string,
  input: BeginInput,
): Promise<StepResult | undefined> {
  const rotation = await deps.store.findRotation(keyId, input.rotationId);
  if (!rotation) return undefined;
  return rotation.failure
    ? refusal(keyId, input, `Rotation ${input.rotationId} has failed: ${rotation.failure}`)
    : { keyId, rotationId: input.rotationId, next: 'done' };
}

/**
 * Ends the rotation that is in the way, if it may be: one that nobody would end any more, or one that an emergency does
 * not wait for.
 *
 * @returns whether the key may be free now
 */
async function clearTheWay(
  deps: RotationDeps,
  keyId: string,
  order: RotationOrder,
  rotationId: string,
): Promise<boolean> {
  const running = (await deps.store.find(keyId))?.rotation;
  if (!running || running.rotationId === rotationId) return true;
  const overtaken = overtakes(order, running);
  if (!overtaken && !(await isOrphaned(deps.executions, running, deps.clock()))) return false;
  const failure = overtaken
    ? `Emergency ${rotationId} takes over.`
    : `Its execution ended without ending it; rotation ${rotationId} takes over.`;
  await changeKey(deps.store, keyId, (record): Decision<void> => {
    if (!record || record.rotation?.rotationId !== running.rotationId) return { result: undefined };
    return {
      result: undefined,
      change: {
        after: failed(record, record.rotation, failure, deps.clock()),
        entry: {
          action: 'rotation.taken-over',
          actor: machineActor(rotationId),
          atMs: deps.clock(),
          rotationId: running.rotationId,
          reason: failure,
          detail: { takenOverBy: rotationId },
        },
      },
    };
  });
  if (overtaken && running.executionArn) await deps.executions.stop(running.executionArn, failure);
  return true;
}

async function decideBegin(
  deps: RotationDeps,
  record: KeyRecord | undefined,
  order: RotationOrder,
  input: BeginInput,
): Promise<Decision<StepResult>> {
  const refuse = (message: string): Decision<StepResult> => ({
    result: refusal(order.keyId, input, message),
  });
  if (!record) return refuse(`There is no key ${order.keyId}.`);
  if (record.rotation) return { result: answerFor(record, record.rotation, input.rotationId) };
  // A late repetition of this step may see the key after its own rotation's end, and would begin it anew from the
  // version that it has just made. Asked after the record was read: the write that took the rotation out of the record
  // put it on record.
  const ended = await answerIfEnded(deps, order.keyId, input);
  if (ended) return { result: ended };
  if (record.status !== 'enabled') return refuse(`Key ${order.keyId} is ${record.status}.`);
  const policy = deps.policies.get(record.policy);
  if (!policy) return refuse(`Key ${order.keyId} has policy '${record.policy}', which is not deployed.`);
  const active = versionWith(record, 'active');
  if (!active) return refuse(`Key ${order.keyId} has no active version.`);

  const trouble = await placeTrouble(deps, record, order);
  if (trouble !== undefined) return refuse(trouble);

  const rotation = newRotation(order, policy, active.version, input, deps.evidenceLagSeconds);
  const after = await withRotation(deps, record, rotation);
  const begun = after.rotation as Rotation;
  return {
    result: stepAfter(after, begun),
    change: {
      after,
      entry: {
        action: 'rotation.started',
        actor: { principal: order.initiatedBy, via: `execution/${input.rotationId}` },
        atMs: deps.clock(),
        rotationId: input.rotationId,
        ...(order.reason ? { reason: order.reason } : {}),
        detail: {
          purpose: order.purpose,
          fromVersion: begun.fromVersion,
          immediate: order.immediate,
          graceSeconds: rotation.graceSeconds,
        },
      },
    },
  };
}

/**
 * The record with the rotation in it. Two versions that are accepted already (left by a rotation that failed) are what
 * it judges, unless the newer one is lost: then another takes its place, beside the older one that clients use. An
 * emergency always makes a new one.
 */
async function withRotation(deps: RotationDeps, record: KeyRecord, rotation: Rotation): Promise<KeyRecord> {
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

function newRotation(
  order: RotationOrder,
  policy: Policy,
  fromVersion: number,
  input: BeginInput,
  evidenceLagSeconds: number,
): Rotation {
  // Shorter windows would be judged before uses in them are on record. An emergency is not judged by them.
  const atLeast = (seconds: number) =>
    order.purpose === 'emergency' ? seconds : Math.max(seconds, evidenceLagSeconds);
  const policyGrace = order.purpose === 'emergency' ? policy.emergencyGraceSeconds : policy.graceSeconds;
  return {
    rotationId: input.rotationId,
    purpose: order.purpose,
    status: 'starting',
    fromVersion,
    ...(order.reason ? { reason: order.reason } : {}),
    initiatedBy: order.initiatedBy,
    executionArn: input.executionArn,
    startedAtMs: input.startedAtMs,
    graceSeconds: order.immediate ? 0 : atLeast(order.graceSeconds ?? policyGrace),
    immediate: order.immediate,
    notifyClients: order.notifyClients,
    alertSecurity: order.alertSecurity,
    terms: termsAtLeast(policy, atLeast),
    extensions: 0,
    windowBase: { sinceMs: input.startedAtMs, oldRequests: 0, newRequests: 0 },
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

function answerFor(record: KeyRecord, running: Rotation, rotationId: string): StepResult {
  if (running.rotationId === rotationId) return stepAfter(record, running);
  return {
    keyId: record.keyId,
    rotationId,
    next: 'answer-running',
    runningRotationId: running.rotationId,
    ...(running.executionArn ? { runningExecutionArn: running.executionArn } : {}),
    message: `Rotation ${running.rotationId} of this key is running (${running.status}); this one changed nothing.`,
  };
}

function stepAfter(record: KeyRecord, rotation: Rotation): StepResult {
  const step = { keyId: record.keyId, rotationId: rotation.rotationId };
  if (rotation.status === 'starting') return { ...step, next: 'generate' };
  if (rotation.status === 'verifying') return { ...step, next: 'verify' };
  return waiting(record);
}

const refusal = (keyId: string, input: BeginInput, message: string): StepResult => ({
  keyId,
  rotationId: input.rotationId,
  next: 'refuse',
  message,
});
