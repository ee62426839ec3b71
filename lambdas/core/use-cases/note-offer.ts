/** What becomes of an offer, on record: it is out, or received. */
import type { AuditEntry } from '../domain/audit-event.ts';
import { type KeyVersion, type Offer, versionOf } from '../domain/key-record.ts';
import { replaceVersion } from '../domain/rotation-steps.ts';
import type { SealedKey } from '../ports/key-sealer.ts';
import { changeKey, type Decision } from './change-key.ts';
import type { OfferDeps, Offering, OfferOutcome, Waiting } from './offer-deps.ts';

interface Noted {
  readonly version: KeyVersion;
  readonly destroy?: readonly SealedKey[];
}

export type NoteDeps = Pick<OfferDeps, 'store' | 'clock'>;

export const noteOffer = (
  deps: NoteDeps,
  { record, version }: Waiting,
  offer: Offer,
  how: Offering,
): Promise<OfferOutcome> =>
  note(deps, record.keyId, version.version, how, (current) => ({ version: { ...current, offer } }));

/** @param change of the version as it stands now; undefined when there is nothing to note any more */
export function note(
  deps: NoteDeps,
  keyId: string,
  number: number,
  { actor, rotationId, again = false }: Offering,
  change: (current: KeyVersion) => Noted | undefined,
): Promise<OfferOutcome> {
  return changeKey(deps.store, keyId, (record): Decision<OfferOutcome> => {
    const current = record && versionOf(record, number);
    if (!record || record.status === 'revoked' || current?.status !== 'active') {
      return { result: { outcome: 'nothing-waits' } };
    }
    if (current.receivedAtMs !== undefined) return { result: { outcome: 'received', version: current } };
    const noted = change(current);
    if (!noted) return { result: { outcome: 'offered', version: current } };
    const { version, destroy } = noted;
    const offer = version.offer as Offer;
    const entry: AuditEntry = {
      action: 'version.offered',
      actor,
      atMs: deps.clock(),
      ...(rotationId === undefined ? {} : { rotationId }),
      detail: {
        version: number,
        by: offer.by,
        received: version.receivedAtMs !== undefined,
        out: offer.failure === undefined,
        again,
      },
    };
    return {
      result: { outcome: 'offered', version },
      change: {
        after: { ...record, versions: replaceVersion(record, version) },
        entry,
        ...(destroy ? { seal: { destroy } } : {}),
      },
    };
  });
}
