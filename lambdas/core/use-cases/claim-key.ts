/** Takes the sealed new key, once. */
import type { Actor } from '../domain/audit-event.ts';
import { activeVersion, type KeyRecord, versionOf } from '../domain/key-record.ts';
import type { Plaintext } from '../domain/plaintext.ts';
import { replaceVersion } from '../domain/rotation-steps.ts';
import type { Clock } from '../ports/ambient.ts';
import type { KeySealer, SealedKey } from '../ports/key-sealer.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { changeKey, type Decision } from './change-key.ts';

export interface ClaimDeps {
  readonly store: KeyStore;
  readonly sealer: KeySealer;
  readonly clock: Clock;
}

export type ClaimOutcome =
  | { readonly outcome: 'claimed'; readonly version: number; readonly key: Plaintext }
  | { readonly outcome: 'unknown-key' | 'nothing-to-claim' | 'revoked' };

/** The version whose key may be taken now: accepted, and its sealed key neither taken nor expired. */
export async function findClaimable(
  deps: Pick<ClaimDeps, 'store' | 'clock'>,
  record: KeyRecord,
): Promise<SealedKey | undefined> {
  const active = activeVersion(record);
  if (!active || active.receivedAtMs !== undefined) return undefined;
  const sealed = await deps.store.findSealed(record.keyId, active.version);
  return sealed && sealed.expiresAtMs > deps.clock() ? sealed : undefined;
}

/**
 * Opens the seal first and destroys it in the write that records the claim: of two at once only one write holds,
 * and the other's key is not handed out.
 */
export function claimKey(deps: ClaimDeps, keyId: string, actor: Actor): Promise<ClaimOutcome> {
  return changeKey(deps.store, keyId, async (record): Promise<Decision<ClaimOutcome>> => {
    if (!record) return { result: { outcome: 'unknown-key' } };
    if (record.status === 'revoked') return { result: { outcome: 'revoked' } };
    const sealed = await findClaimable(deps, record);
    const version = versionOf(record, sealed?.version);
    if (!sealed || !version) return { result: { outcome: 'nothing-to-claim' } };

    const key = await deps.sealer.open(sealed);
    const nowMs = deps.clock();
    return {
      result: { outcome: 'claimed', version: sealed.version, key },
      change: {
        after: { ...record, versions: replaceVersion(record, { ...version, receivedAtMs: nowMs }) },
        seal: { destroy: [sealed] },
        entry: {
          action: 'version.claimed',
          actor,
          atMs: nowMs,
          detail: { version: sealed.version, delivery: record.delivery },
        },
      },
    };
  });
}
