/** What a change of a key means for its rotation and its delivery, counted once: when the change is committed. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { MetricValues } from '../../rules/metrics.ts';
import { groupOf, type Rotation } from '../core/domain/key-record.ts';
import type { KeyChange } from '../core/ports/key-store.ts';
import { embeddedMetrics } from './embedded-metrics.ts';

type Change = Pick<KeyChange, 'before' | 'after' | 'event'>;

/** Empty for a change that neither begins nor ends a rotation, nor moves its end, and is no failed delivery. */
export function rotationMetrics({ before, after, event }: Change): MetricValues {
  const failed = event.action === 'version.not-delivered' ? { DeliveriesFailed: 1 } : {};
  const { rotation } = after;
  if (!rotation) return failed;
  const was = before.rotation?.rotationId === rotation.rotationId ? before.rotation : undefined;
  return {
    ...failed,
    ...undeliveredIn(was, rotation),
    ...(was ? {} : { RotationsStarted: 1 }),
    ...(was && rotation.extensions > was.extensions ? { RotationsExtended: 1 } : {}),
    ...(isHeldAnew(was, rotation) ? { RotationsHeld: 1 } : {}),
    ...(rotation.endedAtMs === undefined ? {} : endOf(rotation, rotation.endedAtMs, event.action)),
  };
}

const isJudgedAnew = (was: Rotation | undefined, { verdict }: Rotation): boolean =>
  verdict !== undefined && verdict.judgedAtMs !== was?.verdict?.judgedAtMs;

const isHeldAnew = (was: Rotation | undefined, rotation: Rotation): boolean =>
  rotation.verdict?.decision === 'hold' && isJudgedAnew(was, rotation);

/** Said with each judgement, so that it is heard of until somebody mends it. */
function undeliveredIn(was: Rotation | undefined, rotation: Rotation): MetricValues {
  const undelivered = rotation.verdict?.undelivered;
  if (undelivered === undefined || !isJudgedAnew(was, rotation)) return {};
  return undelivered === 'gone' ? { KeysUndelivered: 1, KeysLost: 1 } : { KeysUndelivered: 1 };
}

function endOf(rotation: Rotation, endedAtMs: number, action: string): MetricValues {
  switch (groupOf(rotation)) {
    case 'completed':
      return {
        RotationsCompleted: 1,
        ...(rotation.purpose === 'emergency'
          ? { EmergencyMilliseconds: endedAtMs - rotation.startedAtMs }
          : {}),
      };
    case 'rolled-back':
      return { RotationsRolledBack: 1 };
    default:
      // One that an emergency overtook, another took over, or that went with its revoked key, is no failure of its own.
      return action === 'rotation.failed' ? { RotationsFailed: 1 } : { RotationsCutShort: 1 };
  }
}

export function logRotationMetrics(logger: Logger, change: Change, nowMs: number): void {
  const metrics = rotationMetrics(change);
  if (Object.keys(metrics).length === 0) return;
  const { keyId, rotation } = change.after;
  const of = rotation && {
    rotationId: rotation.rotationId,
    purpose: rotation.purpose,
    status: rotation.status,
  };
  logger.info(rotation ? 'rotation' : 'delivery', { keyId, ...of, ...embeddedMetrics(metrics, nowMs) });
}
