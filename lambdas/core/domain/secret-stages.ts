/** Where the labels of a key's secret belong, and which of them is moved next. */
import {
  CURRENT,
  holds,
  labelledVersion,
  labelOf,
  PENDING,
  PREVIOUS,
  type SecretVersion,
  staged,
} from './secret-versions.ts';

export interface StageGoal {
  /** For messages alone. */
  readonly keyId: string;
  /** The version of the key that clients are to find. */
  readonly version: number;
  /** In this very version of the secret. Default: in any that holds it. */
  readonly versionId?: string;
  /** The version of the key that is accepted beside it. */
  readonly previous?: number;
  /** A rotation is taken back: clients may have found a later version of the key until now. */
  readonly back?: boolean;
}

export interface StageMove {
  readonly stage: string;
  readonly from?: string;
  readonly to?: string;
}

/**
 * One call at a time, decided anew from what is there: whatever was done before a crash, or by somebody else in between,
 * the rest follows. Undefined when nothing is left to move; also when clients find a later version of the key already,
 * which is never taken from them but by a rollback.
 *
 * @returns `missing` when no version of the secret holds that version of the key
 */
export function nextMove(
  versions: readonly SecretVersion[],
  goal: StageGoal,
): StageMove | 'missing' | undefined {
  const current = staged(versions, CURRENT);
  if (!goal.back && current && (labelledVersion(current) ?? 0) > goal.version) return undefined;
  const target = targetOf(versions, current, goal);
  if (!target) return 'missing';
  if (target !== current) return { stage: CURRENT, ...(current ? { from: current.id } : {}), to: target.id };
  return (
    movePrevious(versions, target, goal) ??
    takePendingOff(versions, target, goal) ??
    dropLabel(versions, goal)
  );
}

/** Of two that hold it the one that Secrets Manager waits for, so that its rotation ends well. */
function targetOf(
  versions: readonly SecretVersion[],
  current: SecretVersion | undefined,
  { version, versionId }: StageGoal,
): SecretVersion | undefined {
  if (versionId !== undefined) return versions.find(({ id }) => id === versionId);
  const holding = versions.filter((found) => holds(found, version));
  if (current && holding.includes(current)) return current;
  return staged(holding, PENDING) ?? holding[0];
}

/**
 * `AWSPREVIOUS` follows `AWSCURRENT` by itself, to what was current before. That is another copy of the same key where
 * a rotation by Secrets Manager met one that was placed already, and a lost version where a third one replaced it.
 */
function movePrevious(
  versions: readonly SecretVersion[],
  target: SecretVersion,
  { previous }: StageGoal,
): StageMove | undefined {
  if (previous === undefined) return undefined;
  const wanted = versions.find((found) => found !== target && holds(found, previous));
  const found = staged(versions, PREVIOUS);
  if (!wanted || wanted === found) return undefined;
  return { stage: PREVIOUS, ...(found ? { from: found.id } : {}), to: wanted.id };
}

/** A rotation by Secrets Manager that waits with another version of the key has been overtaken: it cannot end well. */
function takePendingOff(
  versions: readonly SecretVersion[],
  target: SecretVersion,
  { version }: StageGoal,
): StageMove | undefined {
  const pending = staged(versions, PENDING);
  const waiting = pending && labelledVersion(pending);
  if (!pending || pending === target || waiting === undefined || waiting === version) return undefined;
  return { stage: PENDING, from: pending.id };
}

/** A version of the secret without any label may be deleted: what nobody is to read any more does not stay for ever. */
function dropLabel(versions: readonly SecretVersion[], { version }: StageGoal): StageMove | undefined {
  const old = versions.find(
    (found) =>
      (labelledVersion(found) ?? version) < version && !found.stages.some((stage) => stage.startsWith('AWS')),
  );
  return old && { stage: labelOf(labelledVersion(old) as number, old.id), from: old.id };
}
