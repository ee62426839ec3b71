/** Takes a rotation back: the old version is the one again, the new one is refused. */
import type { Policy } from '../../../rules/policy.ts';
import type { Actor } from '../domain/audit-event.ts';
import {
  type KeyRecord,
  type KeyVersion,
  type Rotation,
  versionWith,
  wasReceived,
} from '../domain/key-record.ts';
import { rolledBack } from '../domain/rotation-steps.ts';
import type { AuthorizerCaches, Clock, Executions } from '../ports/ambient.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { changeKey, type Decision } from './change-key.ts';
import { findWaiting } from './claim-key.ts';
import type { OfferDeps } from './offer-deps.ts';
import { placeOf } from './place-of.ts';

export interface RollbackDeps {
  readonly store: KeyStore;
  readonly caches: AuthorizerCaches;
  readonly places: OfferDeps['places'];
  readonly executions: Pick<Executions, 'stop'>;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly clock: Clock;
}

export type RollbackOutcome =
  | { readonly outcome: 'rolled-back'; readonly rotation?: Rotation }
  | { readonly outcome: 'unknown-key' | 'revoked' | 'nothing-to-roll-back' | 'forbidden-by-policy' };

/**
 * One write, possible from any point while the old version is not retired, unless the policy forbids going back to it:
 * of a rollback and a retirement at once one holds. Works also on what a failed rotation has left. The waiting execution
 * is ended after it; one that runs on meanwhile finds its rotation over and changes nothing.
 */
export async function rollbackRotation(
  deps: RollbackDeps,
  keyId: string,
  by: { readonly actor: Actor; readonly reason: string },
): Promise<RollbackOutcome> {
  const outcome = await changeKey(deps.store, keyId, async (record): Promise<Decision<RollbackOutcome>> => {
    if (!record) return { result: { outcome: 'unknown-key' } };
    if (record.status === 'revoked') return { result: { outcome: 'revoked' } };
    const { rotation } = record;
    if (!rotation && !versionWith(record, 'deprecating')) {
      return { result: { outcome: 'nothing-to-roll-back' } };
    }
    if (versionWith(record, 'deprecating') && !mayRollBack(deps, record) && !(await isLost(deps, record))) {
      return { result: { outcome: 'forbidden-by-policy' } };
    }
    const nowMs = deps.clock();
    return {
      result: { outcome: 'rolled-back', ...(rotation ? { rotation } : {}) },
      change: {
        after: rolledBack(record, nowMs),
        entry: {
          action: 'rotation.rolled-back',
          actor: by.actor,
          atMs: nowMs,
          reason: by.reason,
          ...(rotation ? { rotationId: rotation.rotationId } : {}),
          detail: detailOf(record),
        },
      },
    };
  });
  // Repeated, since the place was out of reach when the rotation was taken back.
  if (outcome.outcome === 'nothing-to-roll-back') await restorePlace(deps, keyId, wasPlaced);
  if (outcome.outcome !== 'rolled-back') return outcome;
  await deps.caches.flush();
  const arn = outcome.rotation?.executionArn;
  try {
    await restorePlace(deps, keyId);
  } finally {
    if (arn) await deps.executions.stop(arn, `Rolled back: ${by.reason}`);
  }
  return outcome;
}

/** A client that reads its key from a place must find the one there that is accepted. Repeating it changes nothing. */
async function restorePlace(
  deps: RollbackDeps,
  keyId: string,
  isThere: (version: KeyVersion) => boolean = () => true,
): Promise<void> {
  const record = await deps.store.find(keyId);
  const active = record && versionWith(record, 'active');
  const place = record && placeOf(deps.places, record);
  if (active && place && isThere(active)) await place.place.restore(place.destination, keyId, active.version);
}

const wasPlaced = ({ receivedBy }: KeyVersion): boolean => receivedBy === 'placed';

/** By the terms of the rotation that runs; what a failed one has left is under the policy of today. */
const mayRollBack = ({ policies }: RollbackDeps, { rotation, policy }: KeyRecord): boolean =>
  (rotation ? rotation.terms.rollback : policies.get(policy)?.rollback) ?? true;

/** Nobody has the new version and nobody can get it: no client can have moved to it, and the rotation could only hold. */
async function isLost(deps: RollbackDeps, record: KeyRecord): Promise<boolean> {
  const fresh = versionWith(record, 'active');
  return fresh !== undefined && !wasReceived(record, fresh) && !(await findWaiting(deps, record));
}

/** Which versions trade places; a pending one was never accepted. */
function detailOf(record: KeyRecord): Readonly<Record<string, number | string>> {
  const old = versionWith(record, 'deprecating');
  const fresh = versionWith(record, 'pending') ?? (old && versionWith(record, 'active'));
  return {
    activeVersion: (old ?? versionWith(record, 'active'))?.version ?? 0,
    ...(fresh ? { refusedVersion: fresh.version, refusedVersionWas: fresh.status } : {}),
  };
}
