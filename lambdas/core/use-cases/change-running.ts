/** What the steps of a rotation have in common: each changes the key only while its own rotation runs. */
import type { AuditEntry } from '../domain/audit-event.ts';
import type { KeyRecord, Rotation } from '../domain/key-record.ts';
import type { ToldFacts } from '../domain/notice-causes.ts';
import { rotationFacts } from '../domain/rotation-facts.ts';
import { failed } from '../domain/rotation-steps.ts';
import { changeKey, type Decision } from './change-key.ts';
import { machineActor, type RotationDeps, type StepInput, type StepResult } from './rotation-deps.ts';

type Change = NonNullable<Decision<StepResult>['change']>;

/** A step's answer, and its change without what is the same for every step. */
export interface StepDecision {
  readonly result: StepResult;
  readonly change?: Omit<Change, 'entry'> & { readonly entry: Omit<AuditEntry, 'actor' | 'rotationId'> };
}

/** The same, with what its notices are to say beside what is on record. */
export const toldOf = ({ result, change }: StepDecision, told: ToldFacts): StepDecision => ({
  result,
  ...(change ? { change: { ...change, told } } : {}),
});

/** The change by which a rotation fails. */
export const failing = (
  record: KeyRecord,
  rotation: Rotation,
  failure: string,
  nowMs: number,
): NonNullable<StepDecision['change']> => ({
  after: failed(record, rotation, failure, nowMs),
  entry: {
    action: 'rotation.failed',
    atMs: nowMs,
    reason: failure,
    detail: { at: rotation.status, ...rotationFacts(rotation) },
  },
});

/** The answer of a step whose rotation is not the key's running one any more: it ended otherwise. */
export const notRunning = (step: StepInput): StepResult => ({
  ...step,
  next: 'done',
  message: `Rotation ${step.rotationId} is not running any more.`,
});

/**
 * Applies one decision of a step to its key, on record as the machine's.
 *
 * @param otherwise the answer when the rotation is not the key's running one
 */
export function changeRunning(
  { store }: Pick<RotationDeps, 'store'>,
  step: StepInput,
  decide: (record: KeyRecord, rotation: Rotation) => Promise<StepDecision> | StepDecision,
  otherwise: (step: StepInput) => Promise<StepResult> | StepResult = notRunning,
): Promise<StepResult> {
  const { keyId, rotationId } = step;
  return changeKey(store, keyId, async (record): Promise<Decision<StepResult>> => {
    const rotation = record?.rotation;
    if (!record || rotation?.rotationId !== rotationId) return { result: await otherwise(step) };
    const { result, change } = await decide(record, rotation);
    if (!change) return { result };
    const entry: AuditEntry = { ...change.entry, actor: machineActor(rotationId), rotationId };
    return { result, change: { ...change, entry } };
  });
}
