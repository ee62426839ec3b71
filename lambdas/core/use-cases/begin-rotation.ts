/** Step 1: the rotation is the key's one running rotation, or it is said why not. */

import type { AuditEntry } from '../domain/audit-event.ts';
import { iso } from '../domain/iso-time.ts';
import { type KeyRecord, type Rotation, versionWith } from '../domain/key-record.ts';
import { rotationFacts } from '../domain/rotation-facts.ts';
import { changeKey, type Decision } from './change-key.ts';
import { clearTheWay } from './clear-the-way.ts';
import { type BegunExecution, newRotation, withRotation } from './new-rotation.ts';
import { placeOf } from './place-of.ts';
import { type RotationDeps, type StepResult, waiting } from './rotation-deps.ts';
import { parseRotationOrder, type RotationOrder } from './rotation-request.ts';

export interface BeginInput extends BegunExecution {
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
  return {
    result: stepAfter(after, after.rotation as Rotation),
    change: { after, entry: { ...started(order, after.rotation as Rotation), atMs: deps.clock() } },
  };
}

const started = (order: RotationOrder, begun: Rotation): Omit<AuditEntry, 'atMs'> => ({
  action: 'rotation.started',
  actor: { principal: order.initiatedBy, via: `execution/${begun.rotationId}` },
  rotationId: begun.rotationId,
  ...(order.reason ? { reason: order.reason } : {}),
  detail: {
    ...rotationFacts(begun),
    fromVersion: begun.fromVersion,
    immediate: order.immediate,
    graceSeconds: begun.graceSeconds,
    orderedAt: iso(begun.startedAtMs),
  },
});

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
