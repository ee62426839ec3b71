/** A rotation after its last extension: both versions stay accepted until its clients have moved or somebody decides. */
import type { RotationSummary } from '../../lambdas/functions/admin/rotation-contract.ts';
import { moment } from './time.ts';

type Held = Pick<RotationSummary, 'fromVersion' | 'toVersion' | 'undelivered' | 'gracePeriodEndsAt'>;

export interface HeldWords {
  readonly what: string;
  readonly mend: string;
}

export function heldWords(keyId: string, rotation: Held, nowMs: number): HeldWords {
  const { fromVersion, toVersion, undelivered, gracePeriodEndsAt } = rotation;
  const again =
    gracePeriodEndsAt === null ? '' : ` It is judged again at ${moment(gracePeriodEndsAt, nowMs)}.`;
  const back = `keyturn rollback ${keyId} --reason …`;
  if (undelivered === 'gone') {
    return {
      what: `Held after its last extension: version ${toVersion} was never received, and is gone.`,
      mend: `Back to version ${fromVersion}, then make another: ${back}, keyturn rotate ${keyId}`,
    };
  }
  if (undelivered === 'waiting') {
    return {
      what: `Held after its last extension: its owner has not received version ${toVersion}.${again}`,
      mend: `Once more: keyturn deliver ${keyId} --again. By another way: --by …. Back to version ${fromVersion}: ${back}`,
    };
  }
  return {
    what: `Held after its last extension: clients still use version ${fromVersion}.${again}`,
    mend: `Who they are: keyturn show ${keyId}. Back to version ${fromVersion}: ${back}. Refuse it whatever they do: keyturn emergency ${keyId} --reason …`,
  };
}
