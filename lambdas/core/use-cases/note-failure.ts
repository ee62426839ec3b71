/** An offer has come to nothing, on record with the reason. */
import { failureText } from '../domain/failure-text.ts';
import {
  activeVersion,
  deliveryOf,
  type KeyRecord,
  type KeyVersion,
  type Offer,
} from '../domain/key-record.ts';
import { lastOccasionMs, offeredAtMs } from '../domain/offer-again.ts';
import { replaceVersion } from '../domain/rotation-steps.ts';
import { changeKey, type Decision } from './change-key.ts';
import { findRotation } from './find-rotation.ts';
import type { NoteDeps } from './note-offer.ts';
import type { Offering, OfferOutcome } from './offer-deps.ts';

/** A try to offer a version, as far as who made it knows it. */
export interface FailedTry extends Offering {
  readonly version?: number;
  /** Of the link that was made for it. */
  readonly tokenHash?: string;
}

/** The same reason is not put on record twice for one try, however often that is repeated. */
export function noteFailure(
  deps: NoteDeps,
  keyId: string,
  tried: FailedTry,
  failure: string,
): Promise<OfferOutcome> {
  return changeKey(deps.store, keyId, async (record): Promise<Decision<OfferOutcome>> => {
    const version = record && activeVersion(record);
    if (!record || record.status === 'revoked' || !version) return { result: { outcome: 'nothing-waits' } };
    const overtaken = await whatOvertook(deps, record, version, tried);
    if (overtaken) return { result: overtaken };
    const reason = failureText(failure);
    const isNoted =
      version.offer?.failure === reason && version.offer.atMs >= lastOccasionMs(record.rotation);
    if (isNoted && tried.rotationId !== undefined)
      return { result: { outcome: 'undelivered', version, why: reason } };
    const decision = undelivered(record, version, { ...tried, reason, atMs: deps.clock() });
    // An emergency at once is over by then: whether it tells anybody is on record with it.
    const { rotationId } = tried;
    const rotation =
      rotationId === undefined ? undefined : await findRotation(deps.store, record, rotationId);
    if (!decision.change || !rotation) return decision;
    return { ...decision, change: { ...decision.change, told: { rotation } } };
  });
}

/** @returns what to answer where the failure says nothing of the version that is accepted now */
async function whatOvertook(
  { store }: NoteDeps,
  record: KeyRecord,
  version: KeyVersion,
  { rotationId, ...tried }: FailedTry,
): Promise<OfferOutcome | undefined> {
  // A try that took its time may find another version, or another link, in the place of its own.
  if (version.version !== (tried.version ?? version.version)) return { outcome: 'nothing-waits' };
  if (tried.tokenHash !== undefined && version.offer?.link?.tokenHash !== tried.tokenHash) {
    return { outcome: 'offered', version };
  }
  // Of another rotation's version, or of one that was gone back to, this says nothing.
  if (rotationId !== undefined) {
    const rotation = await findRotation(store, record, rotationId);
    if (rotation?.toVersion !== version.version) return { outcome: 'nothing-waits' };
  }
  return version.receivedAtMs === undefined ? undefined : { outcome: 'received', version };
}

/** @param failed with `triedAtMs` where it is heard of later: what has been occasion for another try since stays one */
export function undelivered(
  record: KeyRecord,
  version: KeyVersion,
  failed: Offering & { readonly reason: string; readonly atMs: number; readonly triedAtMs?: number },
): Decision<OfferOutcome> {
  const { actor, rotationId, reason, atMs } = failed;
  const by = failed.by ?? deliveryOf(record, version);
  const link = version.offer?.link;
  const offer: Offer = {
    by,
    atMs: failed.triedAtMs ?? offeredAtMs(record, atMs),
    failure: reason,
    // The key must not be taken by a link while it goes another way.
    ...(link && by === 'claim-link' ? { link } : {}),
  };
  const after = { ...version, offer };
  return {
    result: { outcome: 'undelivered', version: after, why: reason },
    change: {
      after: { ...record, versions: replaceVersion(record, after) },
      entry: {
        action: 'version.not-delivered',
        actor,
        atMs,
        ...(rotationId === undefined ? {} : { rotationId }),
        reason,
        detail: { version: version.version, by },
      },
    },
  };
}
