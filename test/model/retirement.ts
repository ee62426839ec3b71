/** Whether a version that was accepted may be retired: on evidence, on an operator's word, or by the policy's limit. */
import type { KeyVersion } from '../../lambdas/core/domain/key-record.ts';
import type { Policy } from '../../rules/policy.ts';
import { SEAL_LIFETIME_SECONDS } from '../../rules/seal-lifetime.ts';
import { isBefore, type Judgement, type RotationBook, type UsesSince, type VersionBook } from './books.ts';
import type { Commit } from './commit.ts';
import { isMigrated } from './evidence.ts';
import { Violation } from './violation.ts';

/** A judgement may come this early, since the machine waits by its own clock. */
const CLOCK_TOLERANCE_MS = 1_000;

export function checkRetirement(commit: Commit, old: KeyVersion): void {
  const { book, process, at, world } = commit;
  const { kind } = process.task;
  const named = `Version ${old.version} of key ${book.name} was retired`;
  const version = book.versions.get(old.version) as VersionBook;
  const rotation = book.rotation;
  const refusedFromMs = version.refusal?.from.atMs;
  // An emergency had it refused: whatever clears it away cuts nobody off.
  if (refusedFromMs !== undefined && at.atMs >= refusedFromMs) return;
  if (kind === 'rollback') {
    if (!isReplacedByOlder(commit, old))
      throw new Violation(3, `${named} by a rollback to no older version.`);
    const { rollback } = rotation?.policy ?? world.policy(book.record.policy);
    if (!rollback && !isLost(commit, old, version))
      throw new Violation(3, `${named} by a rollback, which the policy forbids.`);
    return;
  }
  if (!rotation || (kind !== 'retire' && kind !== 'activate')) {
    throw new Violation(3, `${named} by '${kind}'.`);
  }
  if (rotation.isEmergency) checkOnOrder(commit, version, rotation, named);
  else if (kind === 'activate') checkLost(commit, version, rotation, named);
  else checkEvidence(rotation, named);
}

/** Nobody has taken it, nobody has used it, and nobody can get it any more. */
const isLost = ({ process, at }: Commit, { createdAtMs }: KeyVersion, version: VersionBook): boolean =>
  !version.isReceived &&
  !version.uses.some(({ answered }) => answered && isBefore(answered, process.began)) &&
  at.atMs >= createdAtMs + SEAL_LIFETIME_SECONDS * 1000;

const isReplacedByOlder = ({ before, after }: Commit, old: KeyVersion): boolean =>
  before.versions.some(
    ({ version, status }) =>
      status === 'deprecating' &&
      version < old.version &&
      after.versions.some((now) => now.version === version && now.status === 'active'),
  );

/** An emergency retires on the word of who ordered it, and not before the grace period that he gave is over. */
function checkOnOrder({ process, at }: Commit, version: VersionBook, rotation: RotationBook, named: string) {
  if (process.task.kind === 'activate') {
    // Of two accepted versions the older goes at once: nobody knows which of them has leaked.
    const isGranted = !rotation.isImmediate && version.status === 'active';
    if (isGranted) throw new Violation(3, `${named} at once by an emergency with a grace period.`);
    return;
  }
  const fromMs = version.refusal?.from.atMs;
  if (fromMs === undefined || at.atMs < fromMs - CLOCK_TOLERANCE_MS) {
    throw new Violation(3, `${named} before the emergency's grace period was over.`);
  }
}

/** One that nobody has, or that an operator who rotates by hand says was lost; never one that somebody has used. */
function checkLost({ process }: Commit, version: VersionBook, { isManual }: RotationBook, named: string) {
  const used = version.uses.find(({ answered }) => answered && isBefore(answered, process.began));
  if (used) throw new Violation(3, `${named} as lost, although it has been used.`);
  if (version.isReceived && !isManual) throw new Violation(3, `${named} as lost, although its owner has it.`);
}

function checkEvidence(rotation: RotationBook, named: string): void {
  const { judgement, policy, graceSeconds, extensionSeconds } = rotation;
  if (!judgement) throw new Violation(3, `${named} without a judgement.`);
  const { wasEnabled, wasOnTime, lastedMs, extensions, newIsReceived } = judgement;
  if (!wasEnabled) throw new Violation(3, `${named} on use that was judged while the key was disabled.`);
  if (!wasOnTime) {
    checkEarly(judgement, policy, named);
    return;
  }
  if (lastedMs < Math.min(graceSeconds, extensionSeconds) * 1000 - CLOCK_TOLERANCE_MS) {
    throw new Violation(3, `${named} after a window of ${lastedMs / 1000} s.`);
  }
  const isAtLimit = policy.afterMaxExtensions === 'retire' && extensions >= policy.maxExtensions;
  if (!isMigrated(judgement, policy.migrationThreshold) && !isAtLimit) {
    throw new Violation(3, `${named} after ${counted(judgement)}, with ${extensions} extensions.`);
  }
  if (!newIsReceived) throw new Violation(11, `${named} although its owner never got the new one.`);
}

/** Before its announced end only if the policy says so, and only the new one was used for as long as it says. */
function checkEarly({ sinceLook }: Judgement, { earlyRetirementSeconds }: Policy, named: string): void {
  if (earlyRetirementSeconds === undefined) throw new Violation(3, `${named} before its announced end.`);
  const { oldUses, newUses, lastedMs } = sinceLook;
  if (oldUses > 0 || newUses === 0 || lastedMs < earlyRetirementSeconds * 1000 - CLOCK_TOLERANCE_MS) {
    const after = `${counted(sinceLook)} in ${lastedMs / 1000} s`;
    throw new Violation(3, `${named} before its announced end, after ${after}.`);
  }
}

const counted = ({ oldUses, newUses }: UsesSince): string =>
  `${oldUses} or more uses of the old version, ${newUses} or less of the new one`;
