/** Disables, enables or revokes a key. */

import type { KeyStatus } from '../../../rules/words.ts';
import type { Actor, AuditAction } from '../domain/audit-event.ts';
import { newestVersion } from '../domain/key-record.ts';
import { failed } from '../domain/rotation-steps.ts';
import type { AuthorizerCaches, Clock } from '../ports/ambient.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { changeKey, type Decision } from './change-key.ts';

export interface StatusDeps {
  readonly store: KeyStore;
  readonly caches: AuthorizerCaches;
  readonly clock: Clock;
}

export type StatusOutcome = 'changed' | 'unchanged' | 'unknown-key' | 'revoked-for-good';

const ACTIONS: Record<KeyStatus, AuditAction> = {
  enabled: 'key.enabled',
  disabled: 'key.disabled',
  revoked: 'key.revoked',
};

/** Revoking ends a running rotation and destroys its sealed key: nobody may need either any more. */
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
    const ending = to === 'revoked' ? record.rotation : undefined;
    const sealed = to === 'revoked' ? await deps.store.findSealed(keyId, newestVersion(record)) : undefined;
    return {
      result: 'changed',
      change: {
        after: {
          ...(ending ? failed(record, ending, `The key was revoked: ${by.reason}`, nowMs) : record),
          status: to,
        },
        ...(sealed ? { seal: { destroy: sealed } } : {}),
        entry: {
          action: ACTIONS[to],
          actor: by.actor,
          atMs: nowMs,
          reason: by.reason,
          detail: { from: record.status },
        },
      },
    };
  });
  if (to !== 'enabled') await deps.caches.flush();
  return outcome;
}
