/** What becomes of an offer, on record: it is out, received, or has come to nothing. */
import type { AuditEntry } from '../domain/audit-event.ts';
import { failureText } from '../domain/failure-text.ts';
import {
  activeVersion,
  deliveryOf,
  type KeyRecord,
  type KeyVersion,
  type Offer,
  versionOf,
} from '../domain/key-record.ts';
import { lastOccasionMs, offeredAtMs } from '../domain/offer-again.ts';
import { replaceVersion } from '../domain/rotation-steps.ts';
import type { KeySealer, SealedKey } from '../ports/key-sealer.ts';
import { changeKey, type Decision } from './change-key.ts';
import { findRotation } from './find-rotation.ts';
import type { OfferDeps, Offering, OfferOutcome } from './offer-version.ts';

export interface Waiting {
  readonly record: KeyRecord;
  readonly version: KeyVersion;
  readonly sealed: SealedKey;
}

export interface Noted {
  readonly version: KeyVersion;
  readonly destroy?: readonly SealedKey[];
}

type NoteDeps = Pick<OfferDeps, 'store' | 'clock'> & { readonly sealer?: KeySealer };

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

/** A try to offer a version, as far as who made it knows it. */
export interface FailedTry extends Offering {
  readonly version?: number;
  /** Of the link that was made for it. */
  readonly tokenHash?: string;
}

/** An offer came to nothing. The same reason is not put on record twice for one try, however often that is repeated. */
export function noteFailure(
  deps: NoteDeps,
  keyId: string,
  { by, actor, rotationId, ...tried }: FailedTry,
  failure: string,
): Promise<OfferOutcome> {
  return changeKey(deps.store, keyId, async (record): Promise<Decision<OfferOutcome>> => {
    const version = record && activeVersion(record);
    if (!record || record.status === 'revoked' || !version) return { result: { outcome: 'nothing-waits' } };
    // A try that took its time may find another version, or another link, in the place of its own.
    if (version.version !== (tried.version ?? version.version)) {
      return { result: { outcome: 'nothing-waits' } };
    }
    if (tried.tokenHash !== undefined && version.offer?.link?.tokenHash !== tried.tokenHash) {
      return { result: { outcome: 'offered', version } };
    }
    // Of another rotation's version, or of one that was gone back to, this says nothing.
    if (rotationId !== undefined) {
      const rotation = await findRotation(deps.store, record, rotationId);
      if (rotation?.toVersion !== version.version) return { result: { outcome: 'nothing-waits' } };
    }
    if (version.receivedAtMs !== undefined) return { result: { outcome: 'received', version } };
    const reason = failureText(failure);
    const isNoted =
      version.offer?.failure === reason && version.offer.atMs >= lastOccasionMs(record.rotation);
    if (isNoted && rotationId !== undefined)
      return { result: { outcome: 'undelivered', version, why: reason } };
    const link = version.offer?.link;
    const way = by ?? deliveryOf(record, version);
    const offer: Offer = {
      by: way,
      atMs: offeredAtMs(record, deps.clock()),
      failure: reason,
      // The key must not be taken by a link while it goes another way.
      ...(link && way === 'claim-link' ? { link } : {}),
    };
    const after = { ...version, offer };
    return {
      result: { outcome: 'undelivered', version: after, why: reason },
      change: {
        after: { ...record, versions: replaceVersion(record, after) },
        entry: {
          action: 'version.not-delivered',
          actor,
          atMs: deps.clock(),
          ...(rotationId === undefined ? {} : { rotationId }),
          reason,
          detail: { version: version.version, by: offer.by },
        },
      },
    };
  });
}
