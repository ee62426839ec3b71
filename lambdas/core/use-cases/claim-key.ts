/** Takes the sealed new key, once: by an operator's command, by a link, or encrypted for a client's own key. */
import type { ReceivedBy } from '../../../rules/words.ts';
import type { Actor, Visitor } from '../domain/audit-event.ts';
import {
  activeVersion,
  deliveryOf,
  type KeyRecord,
  type KeyVersion,
  mayAskAgain,
  versionOf,
} from '../domain/key-record.ts';
import type { Plaintext } from '../domain/plaintext.ts';
import { replaceVersion } from '../domain/rotation-steps.ts';
import type { Clock } from '../ports/ambient.ts';
import type { KeySealer, SealedKey } from '../ports/key-sealer.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { changeKey, type Decision } from './change-key.ts';
import { type FindSealDeps, findSeal } from './find-seal.ts';

export interface ClaimDeps {
  readonly store: KeyStore;
  readonly sealer: KeySealer;
  readonly clock: Clock;
}

export type ClaimOutcome =
  | {
      readonly outcome: 'claimed';
      readonly version: number;
      readonly key: Plaintext;
      /** It was handed out to the same registered key before. */
      readonly again: boolean;
    }
  | { readonly outcome: 'unknown-key' | 'nothing-to-claim' | 'revoked' };

/** What waits for its owner: the sealed key of the accepted version, neither taken for good nor expired. */
export async function findWaiting(deps: FindSealDeps, record: KeyRecord): Promise<SealedKey | undefined> {
  const active = activeVersion(record);
  if (!active || (active.receivedAtMs !== undefined && !mayAskAgain(record, active))) return undefined;
  return findSeal(deps, record.keyId, active.version);
}

/** What an operator's `claim` may take. */
export async function findClaimable(
  deps: Pick<ClaimDeps, 'store' | 'clock'>,
  record: KeyRecord,
): Promise<SealedKey | undefined> {
  const active = activeVersion(record);
  return active && deliveryOf(record, active) === 'operator' ? findWaiting(deps, record) : undefined;
}

/** How a key is taken, and who may. */
export interface Taking extends Visitor {
  readonly by: ReceivedBy;
  /** Whether this taker may take this version now: asked again whenever the key has changed. */
  readonly mayTake: (record: KeyRecord, version: KeyVersion) => boolean;
}

/**
 * Opens the seal first and destroys it in the write that records the claim: of two at once only one write holds,
 * and the other's key is not handed out.
 *
 * By `renewal` the seal stays until the version is used: what is handed out there can be read by the holder of one
 * private key alone, who may ask again for an answer that was lost. Only the first time is a change of the key.
 */
export function takeKey(
  deps: ClaimDeps,
  keyId: string,
  { by, actor, origin, mayTake }: Taking,
): Promise<ClaimOutcome> {
  return changeKey(deps.store, keyId, async (record): Promise<Decision<ClaimOutcome>> => {
    if (!record) return { result: { outcome: 'unknown-key' } };
    if (record.status === 'revoked') return { result: { outcome: 'revoked' } };
    const sealed = await findWaiting(deps, record);
    const version = versionOf(record, sealed?.version);
    if (!sealed || !version || !mayTake(record, version)) return { result: { outcome: 'nothing-to-claim' } };

    const key = await deps.sealer.open(sealed);
    const again = version.receivedAtMs !== undefined;
    const result = { outcome: 'claimed', version: sealed.version, key, again } as const;
    if (again) return by === 'renewal' ? { result } : { result: { outcome: 'nothing-to-claim' } };
    const nowMs = deps.clock();
    return {
      result,
      change: {
        after: {
          ...record,
          versions: replaceVersion(record, { ...version, receivedAtMs: nowMs, receivedBy: by }),
        },
        ...(by === 'renewal' ? {} : { seal: { destroy: [sealed] } }),
        entry: {
          action: 'version.claimed',
          actor,
          ...(origin ? { origin } : {}),
          atMs: nowMs,
          detail: { version: sealed.version, delivery: deliveryOf(record, version), by },
        },
      },
    };
  });
}

/** As `keyturn claim` does. */
export const claimKey = (deps: ClaimDeps, keyId: string, actor: Actor): Promise<ClaimOutcome> =>
  takeKey(deps, keyId, {
    by: 'claim',
    actor,
    mayTake: (record, version) => deliveryOf(record, version) === 'operator',
  });
