/** Disables, enables or revokes a key. */

import type { KeyStatus } from '../../../rules/words.ts';
import type { Actor, AuditAction } from '../domain/audit-event.ts';
import type { KeyRecord } from '../domain/key-record.ts';
import { failed, postponed } from '../domain/rotation-steps.ts';
import type { AuthorizerCaches, Clock } from '../ports/ambient.ts';
import type { KeyStore } from '../ports/key-store.ts';
import type { UseStore } from '../ports/use-store.ts';
import { changeKey, type Decision } from './change-key.ts';
import { windowBaseAt } from './migration-facts.ts';
import type { OfferDeps } from './offer-deps.ts';
import { placeOf } from './place-of.ts';

export interface StatusDeps {
  readonly store: KeyStore;
  readonly uses: UseStore;
  readonly caches: AuthorizerCaches;
  readonly places: OfferDeps['places'];
  readonly clock: Clock;
}

export type StatusOutcome = 'changed' | 'unchanged' | 'unknown-key' | 'revoked-for-good';

const ACTIONS: Record<KeyStatus, AuditAction> = {
  enabled: 'key.enabled',
  disabled: 'key.disabled',
  revoked: 'key.revoked',
};

/** Revoking ends a running rotation and destroys sealed keys: nobody may need either any more. */
export async function changeKeyStatus(
  deps: StatusDeps,
  keyId: string,
  to: KeyStatus,
  by: { readonly actor: Actor; readonly reason: string },
): Promise<StatusOutcome> {
  const outcome = await changeKey(deps.store, keyId, async (record): Promise<Decision<StatusOutcome>> => {
    if (!record) return { result: 'unknown-key' };
    if (record.status === to) return { result: 'unchanged' };
    if (record.status === 'revoked') return { result: 'revoked-for-good' };
    const nowMs = deps.clock();
    return {
      result: 'changed',
      change: {
        after: { ...(await rotationAfter(deps, record, to, by.reason)), status: to },
        entry: {
          action: ACTIONS[to],
          actor: by.actor,
          atMs: nowMs,
          reason: by.reason,
          detail: { from: record.status, to, ...rotationEndedBy(record, to) },
        },
      },
    };
  });
  if (to !== 'enabled') await deps.caches.flush();
  if (to === 'revoked') await clearPlace(deps, keyId);
  return outcome;
}

/** A running rotation fails with the key that is revoked, in this one change. */
const rotationEndedBy = ({ rotation }: KeyRecord, to: KeyStatus) =>
  rotation && to === 'revoked' ? { failedRotation: rotation.rotationId } : {};

/** Repeated with the command, should it fail: a refused key that lies about harms nobody. */
async function clearPlace(deps: StatusDeps, keyId: string): Promise<void> {
  const record = await deps.store.find(keyId);
  const found = record?.status === 'revoked' ? placeOf(deps.places, record) : undefined;
  await found?.place.remove(found.destination, keyId);
}

/**
 * What becomes of a running rotation. A revoked key needs none. A key that is enabled again starts its window anew: while
 * it was disabled nobody could use the old version, which is no evidence that nobody needs it.
 */
async function rotationAfter(
  deps: StatusDeps,
  record: KeyRecord,
  to: KeyStatus,
  reason: string,
): Promise<KeyRecord> {
  const { rotation, keyId } = record;
  const nowMs = deps.clock();
  if (!rotation) return record;
  if (to === 'revoked') return failed(record, rotation, `The key was revoked: ${reason}`, nowMs);
  if (to === 'disabled' || rotation.status !== 'dual-key' || rotation.purpose === 'emergency') return record;
  return postponed(record, rotation, {
    nowMs,
    endsAtMs: Math.max(
      rotation.gracePeriodEndsAtMs as number,
      nowMs + rotation.terms.extensionSeconds * 1000,
    ),
    windowBase: await windowBaseAt(deps.uses, keyId, rotation, nowMs),
  });
}
